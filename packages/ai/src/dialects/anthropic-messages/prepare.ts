import { replaceModel } from '../../json/model-name.ts'
import type { StreamPreparation } from '../dialect.ts'

/** Top-level fields whose places are needed. */
export const SCANNED_FIELDS: readonly string[] = ['model', 'stream']

/** Replaces the model's name in the bytes. Usage always comes. */
export const prepareRequest = (body: Buffer, upstreamModel: string): StreamPreparation => ({
  body: replaceModel(body, upstreamModel, SCANNED_FIELDS),
  hidesUsage: false,
})
