import { chunksOf } from './relay.ts'

/** Where streams are cut at random: the same in a run with the same `SPLIT_SEED`, which failures name. */
export const SPLIT_SEED = Number(process.env.SPLIT_SEED ?? Math.floor(Math.random() * 2 ** 31))

/** Sizes from 1 to 64 bytes that a seed gives rise to. */
export function seededSizes(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    // The highest bits are the ones that look like chance.
    return 1 + (state >>> 26)
  }
}

/** The bytes of a stream as TCP may deliver them, by the name of the cut. */
export const splitsOf = (bytes: Buffer): ReadonlyMap<string, readonly Buffer[]> =>
  new Map([
    ['in one', [bytes]],
    ['byte by byte', chunksOf(bytes, 1)],
    ['by 7 bytes', chunksOf(bytes, 7)],
    [`by SPLIT_SEED=${SPLIT_SEED}`, chunksOf(bytes, seededSizes(SPLIT_SEED))],
  ])

/** Ids of calls from vendors that give none are random, so that turns of one conversation never share one. */
const MADE_UP_ID = /call_[0-9a-f]{8}-[0-9a-f-]{27}/g

/** What the client gets, without what is another in every run. */
export const settled = (body: string): string =>
  body.replace(/"(created|created_at|completed_at)":\d+/g, '"$1":0').replace(MADE_UP_ID, 'call_made-up')
