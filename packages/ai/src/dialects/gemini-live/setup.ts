import { GatewayError } from '@konnect/contract'
import { scanObject } from '../../json/scan.ts'
import { splice } from '../../json/splice.ts'
import type { SessionSetup } from '../../ports.ts'

const FIELDS = ['setup']
const SETUP_FIELDS = ['model']
const COLLECTION = 'models/'

/** The first message of a client, in which `setup.model` names the model as `models/<name>`. */
export const SETUP: SessionSetup = {
  modelIn(message) {
    const span = modelSpan(message)
    const model: unknown = span && JSON.parse(message.toString('utf8', span.start, span.end))
    if (typeof model !== 'string' || model === '') throw missing()
    return model.startsWith(COLLECTION) ? model.slice(COLLECTION.length) : model
  },
  withModel(message, model) {
    const span = modelSpan(message)
    if (span === undefined) throw missing()
    const name = model.includes('/') ? model : COLLECTION + model
    return splice(message, [{ start: span.start, end: span.end, text: JSON.stringify(name) }])
  },
}

function modelSpan(message: Buffer) {
  const setup = scanObject(message, FIELDS)
  const span = setup.values.get('setup')
  const inner = span && scanObject(message, SETUP_FIELDS, span)
  if ((setup.repeated ?? inner?.repeated) !== undefined) throw missing()
  return inner?.values.get('model')
}

const missing = (): GatewayError =>
  new GatewayError('invalid_request', { detail: 'The first message has to be a "setup" that names a "model", once.' })
