import { resourceName } from '../../google/embedding.ts'
import { type Span, scanObject } from '../../json/scan.ts'
import { splice } from '../../json/splice.ts'
import { scanTopLevel } from '../../json/top-level.ts'

const OPEN_OBJECT = 0x7b

/** Where a request to count may hold the request that it counts. */
export const FIELDS: readonly string[] = ['generateContentRequest']

/** The body with the model of the request inside replaced; the very same bytes when there is none. */
export function renameModel(body: Buffer, upstreamModel: string): Buffer {
  const inner = scanTopLevel(body, FIELDS).values.get('generateContentRequest')
  const model = inner && modelIn(body, inner)
  return model === undefined ? body : splice(body, [{ ...model, text: JSON.stringify(resourceName(upstreamModel)) }])
}

function modelIn(body: Buffer, inner: Span): Span | undefined {
  return body[inner.start] === OPEN_OBJECT ? scanObject(body, ['model'], inner).values.get('model') : undefined
}
