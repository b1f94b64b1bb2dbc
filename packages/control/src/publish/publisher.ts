import { createHash } from 'node:crypto'
import {
  isJsonObject,
  type SignedSnapshot,
  type Snapshot,
  type SnapshotSigner,
  type StoreTransaction,
} from '@konnect/contract'
import type { ResourceTree } from '../resources/tree.ts'
import { compileSnapshot } from './compile.ts'
import { documentOf } from './document.ts'

/** Publishes kept for diff and rollback; older ones go. */
const KEPT_SNAPSHOTS = 200

/** One publish. */
export interface PublishInput {
  readonly tree: ResourceTree
  /** Taken with `nextVersion` in this transaction. */
  readonly version: number
  readonly actor: string
  readonly note: string
  readonly publishedAt: string
  readonly signer: SnapshotSigner
  /** Publishes even when nothing changed. */
  readonly isForced?: boolean
}

/** What came of it. `snapshot` is undefined when nothing had changed. */
export interface PublishResult {
  readonly version: number
  readonly snapshot: SignedSnapshot | undefined
}

/** Compiles, signs and keeps a Snapshot, unless it would equal the latest one. */
export async function publish(tx: StoreTransaction, input: PublishInput): Promise<PublishResult> {
  const body = compileSnapshot(input.tree)
  const document = documentOf(input.tree)
  const digest = createHash('sha256').update(canonical({ document, body })).digest('hex')
  const latest = (await tx.snapshots.list({ limit: 1 })).items[0]
  if (latest?.digest === digest && !input.isForced) return { version: latest.version, snapshot: undefined }
  const { version, publishedAt, actor, note } = input
  const content: Snapshot = { format: 1, version, publishedAt, ...body }
  const payload = JSON.stringify(content)
  const snapshot = { version, payload, signature: input.signer.sign(payload) }
  await tx.snapshots.insert({ ...snapshot, publishedAt, actor, note, digest, document })
  await tx.snapshots.prune(KEPT_SNAPSHOTS)
  return { version, snapshot }
}

/** JSON text with the keys of every object in order: a database may give objects back in another. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`
  if (!isJsonObject(value)) return JSON.stringify(value) ?? 'null'
  const keys = Object.keys(value).sort()
  return `{${keys.map((key) => `${JSON.stringify(key)}:${canonical(value[key])}`).join()}}`
}
