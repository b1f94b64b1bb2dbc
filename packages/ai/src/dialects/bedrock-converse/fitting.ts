import type { ToolNames } from '../../canonical/tool-names.ts'
import type { LossRecorder } from '../../loss.ts'
import type { CachePoints } from './cache-points.ts'

/** What writing one request keeps along the way. */
export interface Fitting {
  readonly names: ToolNames
  readonly cache: CachePoints
  readonly losses: LossRecorder
}
