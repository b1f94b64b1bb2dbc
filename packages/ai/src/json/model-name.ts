import { splice } from './splice.ts'
import { scanTopLevel } from './top-level.ts'

/**
 * The bytes of a request with the name of its model replaced, or added where there was none; the very same bytes when it
 * has that name. `fields` are all whose places are needed, `model` among them, so that the body is scanned once.
 */
export function replaceModel(body: Buffer, model: string, fields: readonly string[]): Buffer {
  const { values, close, isEmpty } = scanTopLevel(body, fields)
  const span = values.get('model')
  const name = JSON.stringify(model)
  if (span === undefined) {
    return splice(body, [{ start: close, end: close, text: `${isEmpty ? '' : ','}"model":${name}` }])
  }
  return body.toString('utf8', span.start, span.end) === name ? body : splice(body, [{ ...span, text: name }])
}
