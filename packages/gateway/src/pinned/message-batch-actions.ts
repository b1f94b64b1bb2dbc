import { type Edit, splice } from '@konnect/ai'
import { collectBody, GatewayError, headerOf, isJsonObject } from '@konnect/contract'
import type { ActiveExchange } from '../exchange/active-exchange.ts'
import { jsonBodyOf } from './batch-actions.ts'
import { lineCountOf } from './batch-settlement.ts'
import { compilePlaces, findStrings } from './id-places.ts'
import { upstreamModelAt } from './provider-choice.ts'
import { answerWith, type StoreAnswer, type StoreSession } from './store-session.ts'
import { publicMessageBatch } from './stored-objects.ts'
import { StreamedAnswer, watching } from './streamed-answer.ts'

/** Largest batch of messages: it comes as one request. */
export const MAX_MESSAGE_BATCH_BYTES = 32 * 1024 * 1024

const MODELS = compilePlaces({ 'requests.*.params.model': 'model' })

/** The model of the first request of a batch of messages; undefined when there is none. */
export const firstModelIn = (bytes: Buffer): string | undefined => findStrings(bytes, MODELS)[0]?.value

/** `POST /v1/messages/batches` */
export async function createMessageBatch(session: StoreSession): Promise<StoreAnswer> {
  const { exchange } = session
  const bytes = await collectBody(exchange.request.body, MAX_MESSAGE_BATCH_BYTES)
  const body = withVendorModels(bytes, (name) => upstreamModelAt(exchange, session.target.store, name))
  const from = await session.ask({ body, contentType: 'application/json' })
  return answerWith(from, publicMessageBatch(session.objectIn(from), session.names, collectionAt(session.exchange)))
}

function withVendorModels(bytes: Buffer, vendorName: (name: string) => string): Buffer {
  const { requests } = jsonBodyOf(bytes)
  if (!Array.isArray(requests)) throw new GatewayError('invalid_request', { detail: '"requests" must be an array.' })
  const unnamed = requests.findIndex(
    (one) => !isJsonObject(one) || !isJsonObject(one.params) || !isText(one.params.model),
  )
  if (unnamed !== -1) {
    throw new GatewayError('invalid_request', {
      detail: `requests.${unnamed}.params.model must be the name of a model.`,
    })
  }
  const found = findStrings(bytes, MODELS)
  if (found.length !== requests.length) {
    throw new GatewayError('invalid_request', { detail: 'A request names its model more than once.' })
  }
  const edits = found.map(({ value, start, end }, index): Edit => {
    try {
      return { start, end, text: JSON.stringify(vendorName(value)) }
    } catch (error) {
      if (!(error instanceof GatewayError)) throw error
      throw new GatewayError(error.code, { detail: `requests.${index}: ${error.detail}`, status: error.status })
    }
  })
  return splice(bytes, edits)
}

const isText = (value: unknown): value is string => typeof value === 'string'

/** Where clients find batches of messages at this gateway, as they reach it. */
function collectionAt({ request }: ActiveExchange): string {
  const scheme = headerOf(request.headers, 'x-forwarded-proto') ?? request.scheme
  const host = headerOf(request.headers, 'x-forwarded-host') ?? request.host
  return `${scheme}://${host}/v1/messages/batches`
}

/** `GET /v1/messages/batches/{id}` and `POST /v1/messages/batches/{id}/cancel` */
export async function readMessageBatch(session: StoreSession): Promise<StoreAnswer> {
  const from = await session.ask()
  const collection = collectionAt(session.exchange)
  return answerWith(from, publicMessageBatch(session.objectIn(from), session.names, collection, session.id))
}

/** `GET /v1/messages/batches/{id}/results` */
export async function fetchResults(session: StoreSession): Promise<StoreAnswer | undefined> {
  const { exchange, pin } = session
  const count = pin && (await lineCountOf(session, 'message-batches', pin.id))
  const pass = count && watching(count.see)
  await session.askStream(() => new StreamedAnswer(exchange, pass))
  await count?.settle()
  return undefined
}

/** `GET /v1/messages/batches`: the vendor's list has no place for a mark that says whose a batch is. */
export function refuseList(): never {
  throw new GatewayError('unsupported_feature', {
    detail: 'Message batches cannot be listed: the vendor does not tell whose they are. Keep their ids.',
  })
}
