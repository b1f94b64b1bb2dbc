import { type FieldFault, isJsonObject, type Json } from '@konnect/contract'
import { pointerToken } from './walk.ts'

/** What no database keeps as it is: U+0000, and halves of surrogate pairs. */
const UNSTORABLE = /\p{Surrogate}|\0/u

/** Deeper than any configuration, and far from the end of the stack. */
const MAX_DEPTH = 100

/** Refuses what would come back different from how it was sent, or is nested beyond reason, with its places. */
export function storageFaults(value: Json, path = '', depth = 0): FieldFault[] {
  if (depth > MAX_DEPTH) return [{ path, message: `Expected at most ${MAX_DEPTH} levels of nesting.` }]
  if (typeof value === 'string') return UNSTORABLE.test(value) ? [faultAt(path)] : []
  if (Array.isArray(value)) return value.flatMap((one, index) => storageFaults(one, `${path}/${index}`, depth + 1))
  if (!isJsonObject(value)) return []
  return Object.entries(value).flatMap(([key, one]) => [
    ...(UNSTORABLE.test(key) ? [faultAt(path)] : []),
    ...storageFaults(one, `${path}/${pointerToken(key)}`, depth + 1),
  ])
}

const faultAt = (path: string): FieldFault => ({
  path,
  message: 'Expected text without the NUL character and without halves of surrogate pairs.',
})
