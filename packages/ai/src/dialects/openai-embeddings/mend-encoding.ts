import { isJsonObject } from '@konnect/contract'
import { base64Of, readVector } from '../../canonical/embedding.ts'
import { objectOf } from '../../json/access.ts'
import { scanObject } from '../../json/scan.ts'

const FIELDS: readonly string[] = ['encoding_format']
const NUMBERS = /"embedding"\s*:\s*\[/
const HEAD_BYTES = 512

/**
 * The answer with its vectors in base64 where the client asked for that and the vendor, as some do, gave numbers all the
 * same: OpenAI's own client asks for base64 unless told otherwise, and reads numbers as noise. Else the very same bytes.
 */
export function mendEncoding(answer: Buffer, request: Buffer): Buffer {
  if (!NUMBERS.test(answer.toString('latin1', 0, HEAD_BYTES)) || !asksForBase64(request)) return answer
  try {
    const body: unknown = JSON.parse(answer.toString())
    const { data } = objectOf(body)
    if (!isJsonObject(body) || !Array.isArray(data)) return answer
    const mended = data.map((entry) => ({
      ...objectOf(entry),
      embedding: base64Of(readVector(objectOf(entry).embedding)),
    }))
    return Buffer.from(JSON.stringify({ ...body, data: mended }))
  } catch {
    // What cannot be read is the client's to judge.
    return answer
  }
}

function asksForBase64(request: Buffer): boolean {
  const span = scanObject(request, FIELDS).values.get('encoding_format')
  return span !== undefined && JSON.parse(request.toString('utf8', span.start, span.end)) === 'base64'
}
