import type { ApplicationSpec } from '@konnect/contract'

/** Who goes first where requests wait. */
export type Priority = NonNullable<ApplicationSpec['priority']>

/** One who waits in a {@link WaitingLine}. */
export interface Place<T> {
  readonly value: T
  readonly priority: Priority
  /** Grows with each one who came. */
  readonly arrival: number
}

const PRIORITIES: readonly Priority[] = ['high', 'normal', 'low']
const PASSES_BEFORE_FAIR_TURN = 7

/**
 * Those who wait for the same deployments: by priority, within one in the order of arrival. So that nobody waits for ever,
 * at least every eighth turn belongs to the one who has waited longest, whatever the priority. Nobody comes later than
 * after eight turns for each one who was there before, the own one included.
 */
export class WaitingLine<T> {
  readonly #places: Readonly<Record<Priority, Set<Place<T>>>> = { high: new Set(), normal: new Set(), low: new Set() }
  #passes = 0

  get isEmpty(): boolean {
    return PRIORITIES.every((priority) => this.#places[priority].size === 0)
  }

  add(place: Place<T>): void {
    this.#places[place.priority].add(place)
  }

  /** Takes one out who gave up. */
  delete(place: Place<T>): void {
    this.#places[place.priority].delete(place)
  }

  /** Whose turn it is; `undefined` when nobody waits. */
  first(): Place<T> | undefined {
    const heads = PRIORITIES.flatMap((priority) => this.#places[priority].values().next().value ?? [])
    return this.isFairTurn ? heads.sort((a, b) => a.arrival - b.arrival)[0] : heads[0]
  }

  /** The turn belongs to the one who has waited longest. */
  get isFairTurn(): boolean {
    return this.#passes >= PASSES_BEFORE_FAIR_TURN
  }

  /** The one whose turn it was is served. */
  serve(place: Place<T>): void {
    this.delete(place)
    this.#passes = this.isFairTurn ? 0 : this.#passes + 1
  }

  /** Someone of another line was served meanwhile. */
  pass(): void {
    this.#passes++
  }
}

/** Of several lines the one whose first goes before the others': a fair turn first, then by priority, then by arrival. */
export function foremost<T>(lines: Iterable<WaitingLine<T>>): WaitingLine<T> | undefined {
  let best: { readonly line: WaitingLine<T>; readonly rank: readonly [turn: number, arrival: number] } | undefined
  for (const line of lines) {
    const first = line.first()
    if (first === undefined) continue
    const rank = [line.isFairTurn ? -1 : PRIORITIES.indexOf(first.priority), first.arrival] as const
    if (best === undefined || rank[0] < best.rank[0] || (rank[0] === best.rank[0] && rank[1] < best.rank[1])) {
      best = { line, rank }
    }
  }
  return best?.line
}
