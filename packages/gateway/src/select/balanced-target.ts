import type { Logger } from '@konnect/contract'
import { Circuit, type CircuitSettings, type Outcome } from './circuit.ts'
import { type ProbeSettings, type ProbeTools, startProbing } from './health-probe.ts'

/** What all targets of a registry share. */
export interface TargetTools extends ProbeTools {
  readonly logger: Logger
}

/** Configuration of one target, defaults filled in. */
export interface TargetSettings {
  readonly weight: number
  readonly circuit: CircuitSettings
  readonly probe: ProbeSettings | undefined
}

/**
 * One address behind an upstream: how busy it is and whether it works. One object per upstream and URL for the life of
 * the process, whatever is published meanwhile.
 *
 * Around each attempt the sender calls `begin()` and, exactly once, `finish()`. A response that lasts long reports its
 * success with `report()` as soon as its head is there, and finishes neutrally.
 */
export class BalancedTarget {
  readonly upstreamId: string
  readonly url: string
  /** Place in the rotation; belongs to the balancer. */
  rotation = 0
  readonly #tools: TargetTools
  readonly #circuit: Circuit
  #weight: number
  #active = 0
  #probe: ProbeSettings | undefined
  #stopProbing: (() => void) | undefined
  #isUp = true
  /** Probes in a row that contradict `#isUp`. */
  #contradictions = 0

  constructor(upstreamId: string, url: string, settings: TargetSettings, tools: TargetTools) {
    this.upstreamId = upstreamId
    this.url = url
    this.#tools = tools
    this.#weight = settings.weight
    this.#circuit = new Circuit(tools.now, settings.circuit)
    this.configure(settings)
  }

  get weight(): number {
    return this.#weight
  }

  /** Requests in flight. */
  get active(): number {
    return this.#active
  }

  /** What active probes say; true until they have said otherwise. */
  get isUp(): boolean {
    return this.#isUp
  }

  /** For status reports: up, and no circuit open. */
  get isHealthy(): boolean {
    return this.#isUp && this.#circuit.isClosed
  }

  /** Whether it should get a request now; after a cool-down true for one trial at a time. */
  get isAvailable(): boolean {
    return this.#isUp && this.#circuit.isAvailable
  }

  /** A request sets out. */
  begin(): void {
    this.#active++
    this.#circuit.begin()
  }

  /** The request is over and its connection free again. */
  finish(outcome: Outcome): void {
    if (this.#active > 0) this.#active--
    this.report(outcome)
  }

  /** What a request in flight has shown so far; it stays in flight. */
  report(outcome: Outcome): void {
    const change = this.#circuit.report(outcome)
    if (change === 'opened') this.#log('warn', 'Target fails requests, cooling down')
    if (change === 'closed') this.#log('info', 'Target serves requests again')
  }

  /** Applies new settings at once. Health and requests in flight stay; probing goes on undisturbed unless it changed. */
  configure({ weight, circuit, probe }: TargetSettings): void {
    this.#weight = weight
    this.#circuit.configure(circuit)
    if (JSON.stringify(probe) === JSON.stringify(this.#probe)) return
    this.stop()
    this.#probe = probe
    this.#contradictions = 0
    if (probe === undefined) this.#isUp = true
    else
      this.#stopProbing = startProbing(this.url, probe, {
        tools: this.#tools,
        onResult: (ok) => this.#onProbe(ok, probe),
      })
  }

  /** No more probes. Requests in flight can still finish. */
  stop(): void {
    this.#stopProbing?.()
    this.#stopProbing = undefined
    this.#probe = undefined
  }

  #onProbe(hasPassed: boolean, { healthyAfter, unhealthyAfter }: ProbeSettings): void {
    if (hasPassed === this.#isUp) {
      this.#contradictions = 0
      return
    }
    this.#contradictions++
    if (this.#contradictions < (hasPassed ? healthyAfter : unhealthyAfter)) return
    this.#contradictions = 0
    this.#isUp = hasPassed
    if (hasPassed) this.#log('info', 'Target passes health checks again')
    else this.#log('warn', 'Target fails health checks')
  }

  #log(level: 'info' | 'warn', message: string): void {
    this.#tools.logger[level]({ upstreamId: this.upstreamId, target: this.url }, message)
  }
}
