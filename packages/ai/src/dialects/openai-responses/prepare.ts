import { splice } from '../../json/splice.ts'
import { scanTopLevel } from '../../json/top-level.ts'
import type { StreamPreparation } from '../dialect.ts'

/** Top-level fields whose places are needed. */
export const SCANNED_FIELDS: readonly string[] = ['model', 'stream']

/** Replaces the model's name in the bytes. Usage always comes. */
export function prepareRequest(body: Buffer, upstreamModel: string): StreamPreparation {
  const model = scanTopLevel(body, SCANNED_FIELDS).values.get('model')
  const name = JSON.stringify(upstreamModel)
  if (!model || body.toString('utf8', model.start, model.end) === name) return { body, hidesUsage: false }
  return { body: splice(body, [{ ...model, text: name }]), hidesUsage: false }
}
