import { collectBody, GatewayError, isJsonObject, type JsonObject } from '@konnect/contract'
import { settleBatch } from './batch-settlement.ts'
import { listOwned } from './listing.ts'
import { FILE_KINDS, noSuch, type PinnedPlan } from './pinned-plan.ts'
import type { Owner, Pin } from './public-id.ts'
import { answerWith, type StoreAnswer, type StoreSession } from './store-session.ts'
import { markedMetadata, publicBatch } from './stored-objects.ts'

/** Largest description of a batch; the requests themselves are in its file. */
export const MAX_BATCH_BYTES = 1024 * 1024

/** A request body that must be a JSON object. Throws `malformed_json` or `invalid_request`. */
export function jsonBodyOf(bytes: Buffer): JsonObject {
  let value: unknown
  try {
    value = JSON.parse(bytes.toString('utf8'))
  } catch {
    throw new GatewayError('malformed_json')
  }
  if (isJsonObject(value)) return value
  throw new GatewayError('invalid_request', { detail: 'The request body must be a JSON object.' })
}

/** The input of a batch that is to be made: it decides where the batch goes. Throws when it is none. */
export function inputPinOf(body: JsonObject, { ids }: Pick<PinnedPlan, 'ids'>, owner: Owner): Pin {
  const id = body.input_file_id
  if (typeof id !== 'string') {
    throw new GatewayError('invalid_request', { detail: '"input_file_id" must be the id of a file.' })
  }
  const pin = ids.read(owner, id, FILE_KINDS)
  if (pin === undefined) throw noSuch('file', id)
  if (pin.kind === 'batch-input') return pin
  throw new GatewayError('invalid_request', { detail: `The file "${id}" was not uploaded with the purpose "batch".` })
}

/** `POST /v1/batches` */
export async function createBatch(session: StoreSession): Promise<StoreAnswer> {
  const { exchange, names, pinned, principal } = session
  const bytes = await collectBody(exchange.request.body, MAX_BATCH_BYTES)
  const body = jsonBodyOf(bytes)
  const metadata = markedMetadata(body.metadata, names.mark)
  if (metadata === undefined) throw new GatewayError('invalid_request', { detail: '"metadata" must be an object.' })
  const asked = { ...body, input_file_id: inputPinOf(body, pinned, principal).id, metadata }
  const from = await session.ask({ body: Buffer.from(JSON.stringify(asked)), contentType: 'application/json' })
  return answerWith(from, publicBatch(session.objectIn(from), names))
}

/** `GET /v1/batches/{id}` and `POST /v1/batches/{id}/cancel` */
export async function readBatch(session: StoreSession): Promise<StoreAnswer> {
  const from = await session.ask()
  const batch = session.objectIn(from)
  await settleBatch(session, batch)
  return answerWith(from, publicBatch(batch, session.names, session.id))
}

/** `GET /v1/batches` */
export async function listBatches(session: StoreSession): Promise<StoreAnswer> {
  const seen: JsonObject[] = []
  const body = await listOwned(session, (batch, names) => {
    seen.push(batch)
    return publicBatch(batch, names)
  })
  for (const batch of seen) await settleBatch(session, batch)
  return { status: 200, headers: [], body }
}
