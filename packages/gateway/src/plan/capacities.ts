import {
  type DeploymentCapacity,
  type Logger,
  parseDurationMs,
  type SnapshotDeployment,
  type SnapshotModel,
  type StateStore,
} from '@konnect/contract'
import type { ModelQueue } from '../select/admission.ts'
import { AdmissionQueue } from '../select/admission-queue.ts'
import { Capacity, CapacityUse } from '../select/capacity.ts'
import { LeaseKeeper } from '../select/held-places.ts'
import type { CapacityTools } from '../select/window-meter.ts'
import { KeptStates } from './kept-states.ts'

/** What keeps requests from the deployments of a model, where anything does. */
export interface ModelAdmission {
  /** Some deployment takes only certain requests. */
  readonly hasConditions: boolean
  /** Some deployment may be full. */
  readonly hasCapacities: boolean
  readonly queue: ModelQueue | undefined
}

const DEFAULT_LENGTH = 100
const DEFAULT_TIMEOUT = '30s'

/** What deployments carry, by provider and upstream model, and who waits for models, by their ids; one truth over publishes. */
export class CapacityRegistry {
  readonly #uses: KeptStates<CapacityUse>
  readonly #queues: KeptStates<AdmissionQueue>
  readonly #busy = new Set<AdmissionQueue>()

  constructor(state: StateStore, logger: Logger) {
    const tools: CapacityTools = { state, logger, now: () => performance.now() }
    const keeper = new LeaseKeeper()
    const wake = () => {
      for (const queue of this.#busy) queue.wake()
    }
    this.#uses = new KeptStates((key) => new CapacityUse(key, tools, keeper, wake))
    this.#queues = new KeptStates(() => this.#createQueue())
  }

  /** Requests that wait, for whatever model. */
  get queued(): number {
    return [...this.#busy].reduce((sum, { size }) => sum + size, 0)
  }

  /** `undefined` where nothing is limited. The same provider and model are counted together wherever they are deployed. */
  of(providerId: string, model: string, limits: DeploymentCapacity | undefined): Capacity | undefined {
    if (limits === undefined || Object.values(limits).every((limit) => limit === undefined)) return undefined
    return new Capacity(limits, this.#uses.of(`${providerId}:${model}`))
  }

  /** `undefined` where no deployment of any version has conditions or a capacity: requests then go on without a look. */
  admissionTo({ id, strategy, deployments = [], versions = [] }: SnapshotModel): ModelAdmission | undefined {
    const all: readonly SnapshotDeployment[] = [...deployments, ...versions.flatMap((version) => version.deployments)]
    const hasConditions = all.some(({ when }) => when !== undefined)
    const hasCapacities = all.some(({ capacity }) => capacity !== undefined)
    if (!hasConditions && !hasCapacities) return undefined
    const { length = DEFAULT_LENGTH, timeout = DEFAULT_TIMEOUT } = strategy.queue ?? {}
    const limits = { length, timeoutMs: parseDurationMs(timeout) }
    const line = hasCapacities && strategy.queue !== undefined ? this.#queues.of(id) : undefined
    return { hasConditions, hasCapacities, queue: line && { line, limits } }
  }

  /** Forgets what the newest Snapshot did not ask for. Who waits goes on waiting. */
  sweep(): void {
    this.#uses.sweep()
    this.#queues.sweep()
  }

  #createQueue(): AdmissionQueue {
    const queue: AdmissionQueue = new AdmissionQueue((isBusy) => {
      if (isBusy) this.#busy.add(queue)
      else this.#busy.delete(queue)
    })
    return queue
  }
}
