import { GatewayError, headerOf } from '@konnect/contract'
import { TrackedBody } from '../send/tracked-body.ts'
import type { LineNameKind } from './batch-lines.ts'
import { lineCountOf } from './batch-settlement.ts'
import { boundaryOf } from './form-reader.ts'
import { listOwned } from './listing.ts'
import { FILE_KINDS, noSuch } from './pinned-plan.ts'
import { upstreamModelAt } from './provider-choice.ts'
import { answerWith, type StoreAnswer, type StoreSession } from './store-session.ts'
import { publicFile, storedFileName } from './stored-objects.ts'
import { StreamedAnswer, watching } from './streamed-answer.ts'
import { UploadBody } from './upload-body.ts'

/** `POST /v1/files` */
export async function uploadFile(session: StoreSession): Promise<StoreAnswer> {
  const { exchange, names } = session
  const upload = new UploadBody({
    source: new TrackedBody(exchange.request.body, exchange),
    boundary: boundaryOf(headerOf(exchange.request.headers, 'content-type')),
    vendorName: (kind, name) => vendorNameIn(session, kind, name),
    storedName: (fileName) => storedFileName(fileName, names.mark),
  })
  const from = await session.ask({ body: upload, contentType: upload.contentType })
  return answerWith(from, publicFile(session.objectIn(from), names))
}

/** The vendor's name for what a line of a batch names: the line runs where the file is. */
function vendorNameIn({ exchange, pinned, principal, target }: StoreSession, kind: LineNameKind, name: string): string {
  if (kind === 'model') return upstreamModelAt(exchange, target.store, name)
  const pin = pinned.ids.read(principal, name, kind === 'file' ? FILE_KINDS : ['response'])
  if (pin === undefined) throw noSuch(kind, name)
  if (pin.provider === target.store.tag && pin.key === target.key.tag) return pin.id
  throw new GatewayError('invalid_request', { detail: `The ${kind} "${name}" is kept at another provider.` })
}

/** `GET /v1/files` */
export async function listFiles(session: StoreSession): Promise<StoreAnswer> {
  return { status: 200, headers: [], body: await listOwned(session, (file, names) => publicFile(file, names)) }
}

/** `GET /v1/files/{id}` */
export async function readFile(session: StoreSession): Promise<StoreAnswer> {
  const from = await session.ask()
  return answerWith(from, publicFile(session.objectIn(from), session.names, session.id))
}

/** `GET /v1/files/{id}/content` */
export async function fetchContent(session: StoreSession): Promise<StoreAnswer | undefined> {
  const { exchange, pin } = session
  const count = pin?.kind === 'batch-output' ? await lineCountOf(session, 'batches', pin.batch) : undefined
  const pass = count && watching(count.see)
  await session.askStream(() => new StreamedAnswer(exchange, pass))
  await count?.settle()
  return undefined
}

/** `DELETE` of whatever has an id. */
export async function deleteObject(session: StoreSession): Promise<StoreAnswer> {
  const from = await session.ask()
  return answerWith(from, { ...session.objectIn(from), id: session.id ?? null })
}
