import { isJsonObject, type Json, type JsonObject } from '@konnect/contract'
import { usageOfBatch } from './batch-ledger.ts'
import type { PinKind } from './public-id.ts'

/** How the ids and marks of one owner's objects are written. */
export interface ObjectNames {
  mint(kind: PinKind, id: string, batch?: string): string
  /** By which the owner's objects are known in the vendor's lists. */
  readonly mark: string
}

/** The entry of a batch's metadata that says whose it is. */
const MARK_FIELD = 'konnect_owner'

const markedPrefix = (mark: string): string => `kn-${mark}-`

/** The name under which a vendor keeps a file: its own, with the owner's mark before it. */
export const storedFileName = (fileName: string, mark: string): string => markedPrefix(mark) + fileName

/** Whether an object in a vendor's list is the owner's. */
export function isOwned(object: JsonObject, { mark }: ObjectNames): boolean {
  if (typeof object.filename === 'string') return object.filename.startsWith(markedPrefix(mark))
  return isJsonObject(object.metadata) && object.metadata[MARK_FIELD] === mark
}

/** Metadata that say whose a batch is. Undefined when what the client gave are no metadata. */
export function markedMetadata(metadata: Json | undefined, mark: string): JsonObject | undefined {
  if (metadata === undefined || metadata === null) return { [MARK_FIELD]: mark }
  return isJsonObject(metadata) ? { ...metadata, [MARK_FIELD]: mark } : undefined
}

/** A file as the client gets it; `id` is the public one where it is known already. */
export function publicFile(file: JsonObject, names: ObjectNames, id?: string): JsonObject {
  const prefix = markedPrefix(names.mark)
  const isMarked = typeof file.filename === 'string' && file.filename.startsWith(prefix)
  // The purpose of a marked file was seen when it was uploaded, and then its lines were too.
  const kind = isMarked && file.purpose === 'batch' ? 'batch-input' : 'file'
  return {
    ...file,
    ...(typeof file.id === 'string' ? { id: id ?? names.mint(kind, file.id) } : {}),
    ...(isMarked ? { filename: (file.filename as string).slice(prefix.length) } : {}),
  }
}

/** A batch as the client gets it. Where the vendor does not say what it used, its output says so when it is fetched. */
export function publicBatch(batch: JsonObject, names: ObjectNames, id?: string): JsonObject {
  const own = typeof batch.id === 'string' ? batch.id : ''
  const output = usageOfBatch(batch) === undefined ? 'batch-output' : 'file'
  const named = (value: Json | undefined, kind: PinKind): Json | undefined =>
    typeof value === 'string' && value !== '' ? names.mint(kind, value, kind === 'batch-output' ? own : '') : value
  return withoutUndefined({
    ...batch,
    id: id ?? named(batch.id, 'batch'),
    input_file_id: named(batch.input_file_id, 'batch-input'),
    output_file_id: named(batch.output_file_id, output),
    error_file_id: named(batch.error_file_id, 'file'),
    metadata: unmarked(batch.metadata),
  })
}

function unmarked(metadata: Json | undefined): Json | undefined {
  if (!isJsonObject(metadata) || metadata[MARK_FIELD] === undefined) return metadata
  const { [MARK_FIELD]: _mark, ...own } = metadata
  return own
}

/** A message batch as the client gets it; `results` is the address of the collection at this gateway. */
export function publicMessageBatch(batch: JsonObject, names: ObjectNames, collection: string, id?: string): JsonObject {
  const own = typeof batch.id === 'string' ? (id ?? names.mint('message-batch', batch.id)) : undefined
  const url =
    typeof batch.results_url === 'string' && own !== undefined ? `${collection}/${own}/results` : batch.results_url
  return withoutUndefined({ ...batch, id: own ?? batch.id, results_url: url })
}

const withoutUndefined = (members: Readonly<Record<string, Json | undefined>>): JsonObject =>
  Object.fromEntries(Object.entries(members).filter((entry): entry is [string, Json] => entry[1] !== undefined))

/** When a batch of either format ended, in milliseconds since the epoch; undefined while it goes on. */
export function endOfBatch(batch: JsonObject): number | undefined {
  if (typeof batch.processing_status === 'string') {
    const ended = batch.processing_status === 'ended' ? Date.parse(String(batch.ended_at)) : Number.NaN
    return Number.isNaN(ended) ? undefined : ended
  }
  if (!ENDED.has(String(batch.status))) return undefined
  const at = [batch.completed_at, batch.expired_at, batch.cancelled_at, batch.failed_at, batch.created_at]
  return at.map(millisecondsOf).find((ms) => ms !== undefined)
}

const ENDED = new Set(['completed', 'expired', 'cancelled', 'failed'])

/** Some write times as seconds since the epoch, others as ISO 8601. */
function millisecondsOf(time: Json | undefined): number | undefined {
  if (typeof time === 'number') return time > 0 ? time * 1000 : undefined
  const ms = typeof time === 'string' ? Date.parse(time) : Number.NaN
  return Number.isNaN(ms) ? undefined : ms
}
