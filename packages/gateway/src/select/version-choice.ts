import { createHash } from 'node:crypto'

/** What keeps getting the same version as long as the shares stay. */
export type Stickiness = 'request' | 'application' | 'user'

/** One version and the part of the requests that it gets. */
export interface VersionShare<V> {
  readonly version: V
  readonly name: string
  /** 0 to 100; the shares of a model add up to 100. */
  readonly percent: number
}

/**
 * Draws a version by its share. `random` gives numbers in [0, 1). At least one share is greater than 0.
 */
export function drawnVersion<V>(shares: readonly VersionShare<V>[], random: () => number): V | undefined {
  let left = random() * 100
  const found = shares.find(({ percent }) => {
    left -= percent
    return left < 0
  })
  return (found ?? shares.findLast(({ percent }) => percent > 0))?.version
}

const HASH_BITS = 48

/**
 * The version that belongs to `subject` by weighted rendezvous hashing (Thaler and Ravishankar 1998; weights as in
 * draft-ietf-bess-weighted-hrw §4.1): over many subjects each version gets its share, on every gateway the same subject the
 * same version, and when shares change, a subject leaves a version only where its share fell or for one whose share rose.
 */
export function stickyVersion<V>(shares: readonly VersionShare<V>[], subject: string): V | undefined {
  let best: V | undefined
  let bestScore = 0
  for (const { version, name, percent } of shares) {
    const score = percent / -Math.log(unitOf(`${name}\n${subject}`))
    if (score <= bestScore) continue
    best = version
    bestScore = score
  }
  return best
}

/** A number in (0, 1) that depends on every character. */
function unitOf(text: string): number {
  const bits = createHash('sha256')
    .update(text)
    .digest()
    .readUIntBE(0, HASH_BITS / 8)
  return (bits + 0.5) / 2 ** HASH_BITS
}
