import type { RequestSurroundings, StreamPreparation } from '../dialects/dialect.ts'
import { type Span, scanObject } from '../json/scan.ts'
import { type Edit, splice } from '../json/splice.ts'
import { scanTopLevel } from '../json/top-level.ts'

/** Top-level fields whose places are needed. */
export const SCANNED_FIELDS: readonly string[] = ['model', 'stream', 'stream_options']

/** Replaces the model's name in the bytes, and asks for usage where a streaming client did not. */
export function prepareRequest(
  body: Buffer,
  upstreamModel: string,
  { isStream }: Pick<RequestSurroundings, 'isStream'>,
): StreamPreparation {
  const scan = scanTopLevel(body, SCANNED_FIELDS)
  const edits: Edit[] = []
  const model = scan.values.get('model')
  const name = JSON.stringify(upstreamModel)
  if (model && body.toString('utf8', model.start, model.end) !== name) edits.push({ ...model, text: name })
  const ask = isStream ? askForUsage(body, scan.values.get('stream_options'), scan.close) : undefined
  if (ask) edits.push(ask)
  edits.sort((a, b) => a.start - b.start)
  return { body: splice(body, edits), hidesUsage: ask !== undefined }
}

function askForUsage(body: Buffer, options: Span | undefined, close: number): Edit | undefined {
  if (options === undefined) return { start: close, end: close, text: ',"stream_options":{"include_usage":true}' }
  if (body[options.start] !== 0x7b) return { ...options, text: '{"include_usage":true}' }
  const inner = scanObject(body, ['include_usage'], options)
  const asked = inner.values.get('include_usage')
  if (asked === undefined) {
    return { start: inner.close, end: inner.close, text: `${inner.isEmpty ? '' : ','}"include_usage":true` }
  }
  return body.toString('latin1', asked.start, asked.end) === 'true' ? undefined : { ...asked, text: 'true' }
}
