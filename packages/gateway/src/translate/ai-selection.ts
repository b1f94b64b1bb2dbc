import { measureContent, type RequestContent, type RequestFacts } from '@konnect/ai'
import { type AiCall, type Attempt, GatewayError, type HeaderList } from '@konnect/contract'
import type { ActiveExchange } from '../exchange/active-exchange.ts'
import type { Deployment, DeploymentKey, ModelPlan } from '../plan/ai-plan.ts'
import { residencyUnmet } from '../plan/residency.ts'
import { Admission, type Departure } from '../select/admission.ts'
import { fitting, type RequestTraits } from '../select/conditions.ts'
import { deploymentOrder } from '../select/deployment-order.ts'
import { DeploymentTour } from '../select/deployment-tour.ts'

type Tour = DeploymentTour<DeploymentKey, Deployment>
type ModelAdmission = Admission<DeploymentKey, Deployment>

/** What deployments are chosen for. */
export interface Selectable {
  readonly model: ModelPlan | undefined
  readonly facts: RequestFacts | undefined
  /** The request's body. */
  readonly bytes: Buffer
}

/** The deployments that a request will try. */
export interface Selection {
  readonly order: readonly Deployment[]
  readonly tour: Tour
  /** `undefined` where nothing of the model is ever full. */
  readonly admission: ModelAdmission | undefined
}

const BYTES_PER_TOKEN = 4

/**
 * Puts those deployments on `offering` in order that take the request. Throws `unsupported_feature` when none of the model's
 * speaks what the client wants, or when the conditions of all exclude the request, and `residency_unmet`.
 */
export function selectDeployments(
  exchange: ActiveExchange,
  offering: readonly Deployment[],
  { model, facts, bytes }: Selectable,
): Selection {
  const { mode = 'fallback', name = '', admission } = model ?? {}
  if (offering.length === 0) throw unmetBy(model) ?? notOffered(name)
  const isStream = facts?.isStream ?? false
  if (admission === undefined) {
    const order = deploymentOrder({ mode, isStream }, offering, Math.random)
    return { order, tour: new DeploymentTour(order, Math.random), admission: undefined }
  }
  const traits = new TraitsOf(exchange, facts, bytes)
  const fit = admission.hasConditions ? fitting(name, offering, traits) : offering
  const order = deploymentOrder({ mode, isStream }, fit, Math.random)
  return {
    order,
    tour: new DeploymentTour(order, Math.random, admission.queue !== undefined),
    admission: admission.hasCapacities ? admissionOf(exchange, traits, admission.queue) : undefined,
  }
}

function admissionOf(
  { plan }: ActiveExchange,
  traits: TraitsOf,
  queue: NonNullable<ModelPlan['admission']>['queue'],
): ModelAdmission {
  const priority = plan?.access.get(traits.applicationId ?? '')?.priority ?? 'normal'
  return new Admission({ queue, priority, inputTokens: () => traits.inputTokens })
}

/** Of a request, measured when first asked for. */
class TraitsOf implements RequestTraits {
  readonly name: string
  readonly applicationId: string | undefined
  readonly isStream: boolean
  readonly headers: HeaderList
  readonly #bytes: Buffer
  #content: RequestContent | undefined

  constructor({ principal, request }: ActiveExchange, facts: RequestFacts | undefined, bytes: Buffer) {
    this.name = facts?.model ?? ''
    this.applicationId = principal?.applicationId
    this.isStream = facts?.isStream ?? false
    this.headers = request.headers
    this.#bytes = bytes
  }

  get offersTools(): boolean {
    return this.#measured.offersTools
  }

  get inputTokens(): number {
    return Math.ceil(this.#measured.textBytes / BYTES_PER_TOKEN)
  }

  get #measured(): RequestContent {
    this.#content ??= measureContent(this.#bytes)
    return this.#content
  }
}

/** What an admission hears of the attempt before, when the request leaves its deployment. */
export const departureAfter = (attempt: Attempt | undefined): Departure => ({
  isRefused: (attempt?.status ?? 0) >= 400,
})

/** Ends an admission with what the Call says, and notes in the Call how long the request waited. */
export function accounted(
  call: AiCall | null,
  admission: ModelAdmission | undefined,
  attempt: Attempt | undefined,
): AiCall | null {
  if (admission === undefined) return call
  const usage = call?.usage
  admission.end({ ...departureAfter(attempt), tokens: usage ? usage.inputTokens + usage.outputTokens : undefined })
  const { queuedMs } = admission
  return call === null || queuedMs === undefined ? call : { ...call, queuedMs }
}

const notOffered = (model: string): GatewayError =>
  new GatewayError('unsupported_feature', { detail: `The model "${model}" does not offer this kind of request.` })

/** Where residency rules keep content from deployments of the model, they may be what is missing. */
function unmetBy(model: ModelPlan | undefined): GatewayError | undefined {
  const objections = model?.versions[0]?.objections ?? []
  return model?.residency && objections.length > 0 ? residencyUnmet(model.residency, objections) : undefined
}
