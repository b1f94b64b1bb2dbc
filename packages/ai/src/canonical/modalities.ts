import type { Json } from '@konnect/contract'

/** What an answer may be made of. */
export type Modality = 'text' | 'image' | 'audio'

const MODALITIES: ReadonlySet<unknown> = new Set<Modality>(['text', 'image', 'audio'])

/** What a client wants the answer to be made of, in whichever case it is written; `undefined` when that is unclear. */
export function readModalities(value: Json): Modality[] | undefined {
  if (!Array.isArray(value) || value.length === 0) return undefined
  const named = value.map((one) => (typeof one === 'string' ? one.toLowerCase() : one))
  return named.every((one): one is Modality => MODALITIES.has(one)) ? named : undefined
}
