import { isJsonObject, type JsonObject } from '@konnect/contract'
import type { StoredKind } from '@konnect/sdk'
import { answerInLine, BatchBill, type BatchUse, usageOfBatch } from './batch-ledger.ts'
import { deploymentFinder } from './provider-choice.ts'
import { pathOf, type StoreSession } from './store-session.ts'
import { endOfBatch } from './stored-objects.ts'

const OF_KIND: Readonly<Record<'batches' | 'message-batches', { readonly path: string; readonly dialect: string }>> = {
  batches: { path: '/v1/batches', dialect: 'openai-batches' },
  'message-batches': { path: '/v1/messages/batches', dialect: 'anthropic-message-batches' },
}

type BatchKind = Extract<StoredKind, keyof typeof OF_KIND>

const billOf = (session: StoreSession): BatchBill =>
  new BatchBill(deploymentFinder(session.exchange, session.target), session.target.store, new Date())

/** Records what a batch used once it is over and the vendor says so; else does nothing. */
export async function settleBatch(session: StoreSession, batch: JsonObject): Promise<void> {
  const usage = usageOfBatch(batch)
  if (usage === undefined || endOfBatch(batch) === undefined) return
  const bill = billOf(session)
  const { completed } = isJsonObject(batch.request_counts) ? batch.request_counts : {}
  const requests = typeof completed === 'number' && Number.isSafeInteger(completed) && completed > 0 ? completed : 1
  bill.add(typeof batch.model === 'string' ? batch.model : undefined, usage, requests)
  await record(session, { kind: 'batches', batch, uses: bill.uses() })
}

async function record(
  { exchange, pinned, target }: StoreSession,
  { kind, batch, uses }: { readonly kind: BatchKind; readonly batch: JsonObject; readonly uses: readonly BatchUse[] },
): Promise<void> {
  const endedAtMs = endOfBatch(batch)
  if (endedAtMs === undefined || typeof batch.id !== 'string') return
  await pinned.ledger.settle(exchange, { store: target.store, id: batch.id, endedAtMs, ...OF_KIND[kind] }, uses)
}

/** Counts what the answers of a batch used while they are fetched. */
export interface LineCount {
  see(line: Buffer): void
  /** Records the sum, once everything was fetched. */
  settle(): Promise<void>
}

/**
 * Asks for a batch whose answers are about to be fetched. Undefined when nothing is to be counted: it still runs, or the
 * vendor has said itself what it used, which is recorded here.
 */
export async function lineCountOf(session: StoreSession, kind: BatchKind, id: string): Promise<LineCount | undefined> {
  const batch = session.objectIn(await session.ask({ method: 'GET', kind, below: pathOf(id), query: '' }))
  if (usageOfBatch(batch) !== undefined) {
    await settleBatch(session, batch)
    return undefined
  }
  if (endOfBatch(batch) === undefined) return undefined
  const bill = billOf(session)
  return {
    see(line) {
      const answer = answerInLine(line)
      if (answer !== undefined) bill.add(answer.model, answer.usage)
    },
    settle: () => record(session, { kind, batch, uses: bill.uses() }),
  }
}
