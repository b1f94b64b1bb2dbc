import { isJsonObject } from '@konnect/contract'
import { resourceName } from '../../google/embedding.ts'
import { arrayOf, objectOf } from '../../json/access.ts'
import { parseExact, stringifyExact } from '../../json/numbers.ts'
import { splice } from '../../json/splice.ts'
import { scanTopLevel } from '../../json/top-level.ts'

const FIELDS: readonly string[] = ['requests']

/** The body with the model of each request in it replaced; all else outside of the requests stays as it is, byte for byte. */
export function renameModel(body: Buffer, upstreamModel: string): Buffer {
  const span = scanTopLevel(body, FIELDS).values.get('requests')
  if (span === undefined) return body
  const model = resourceName(upstreamModel)
  const requests = arrayOf(parseExact(body.toString('utf8', span.start, span.end)))
  const isNamed = requests.every((request) => objectOf(request).model === model)
  if (isNamed) return body
  const renamed = requests.map((request) => (isJsonObject(request) ? { ...request, model } : request))
  return splice(body, [{ ...span, text: stringifyExact(renamed) }])
}
