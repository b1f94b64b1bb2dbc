import type { JsonObject } from '@konnect/contract'
import { CACHE_CONTROL, type CacheMark } from '../../canonical/request.ts'
import type { LossRecorder } from '../../loss.ts'
import type { ModelTraits } from './models.ts'

/** Writes the client's cache marks as cache points, as far as the model takes them; the others are lost. */
export class CachePoints {
  readonly #traits: ModelTraits
  readonly #losses: LossRecorder

  constructor(traits: ModelTraits, losses: LossRecorder) {
    this.#traits = traits
    this.#losses = losses
  }

  /** What follows a marked piece of a turn or of the system text. */
  afterPart(mark: CacheMark): JsonObject[] {
    return this.#points(mark, this.#traits.cachePoints !== 'none')
  }

  /** What follows a marked tool. */
  afterTool(mark: CacheMark): JsonObject[] {
    return this.#points(mark, this.#traits.cachePoints === 'all')
  }

  /** A mark in a place that can have no cache point of its own. */
  lose({ cacheFor }: CacheMark): void {
    if (cacheFor !== undefined) this.#losses.drop(CACHE_CONTROL)
  }

  #points(mark: CacheMark, isTaken: boolean): JsonObject[] {
    if (mark.cacheFor === undefined) return []
    if (!isTaken) {
      this.lose(mark)
      return []
    }
    const lifetime = mark.cacheFor === '1h' && this.#traits.keepsLong ? { ttl: '1h' } : {}
    return [{ cachePoint: { type: 'default', ...lifetime } }]
  }
}
