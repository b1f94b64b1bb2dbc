import { GatewayError, type HeaderList, headerOf, type SnapshotConditions } from '@konnect/contract'

/** What conditions are about of a request. What costs a look at its content is asked for only where it matters. */
export interface RequestTraits {
  /** The name that the client asked for: the model's own, an alias, or one with a version. */
  readonly name: string
  readonly applicationId: string | undefined
  readonly isStream: boolean
  readonly headers: HeaderList
  readonly offersTools: boolean
  /** Estimated: four bytes of text a token. */
  readonly inputTokens: number
}

/** One condition: what it takes, for clients to read, and whether a request is of that kind. */
interface Condition {
  holds(request: RequestTraits): boolean
  takes(request: RequestTraits): string
}

/** The conditions under which one deployment takes requests. */
export class Conditions {
  readonly #conditions: readonly Condition[]

  /** In the order in which they are looked at. */
  constructor(conditions: readonly Condition[]) {
    this.#conditions = conditions
  }

  /** What the deployment takes instead of this request, by the first condition that does not hold; `undefined` when all do. */
  refusal(request: RequestTraits): string | undefined {
    return this.#conditions.find((condition) => !condition.holds(request))?.takes(request)
  }
}

/** Compiles conditions, those that are cheap to tell first. `undefined` where there are none. */
export function compileConditions(when: SnapshotConditions | undefined): Conditions | undefined {
  const conditions = [...conditionsOnCaller(when ?? {}), ...conditionsOnContent(when ?? {})]
  return conditions.length === 0 ? undefined : new Conditions(conditions)
}

function conditionsOnCaller({ names, applicationIds, headers = {} }: SnapshotConditions): Condition[] {
  const conditions: Condition[] = []
  if (names !== undefined) {
    const wanted = new Set(names)
    conditions.push({ holds: ({ name }) => wanted.has(name), takes: () => 'requests for other names of the model' })
  }
  if (applicationIds !== undefined) {
    const wanted = new Set(applicationIds)
    conditions.push({
      holds: ({ applicationId = '' }) => wanted.has(applicationId),
      takes: () => 'requests of other applications',
    })
  }
  for (const [field, value] of Object.entries(headers)) {
    const name = field.toLowerCase()
    conditions.push({
      holds: (request) => headerOf(request.headers, name) === value,
      takes: () => `requests with another value of ${name}`,
    })
  }
  return conditions
}

function conditionsOnContent({ stream, tools, minInputTokens, maxInputTokens }: SnapshotConditions): Condition[] {
  const conditions: Condition[] = []
  if (stream !== undefined) {
    const takes = stream ? 'requests for a stream' : 'requests for a whole answer'
    conditions.push({ holds: ({ isStream }) => isStream === stream, takes: () => takes })
  }
  if (tools !== undefined) {
    const takes = tools ? 'requests with tools' : 'requests without tools'
    conditions.push({ holds: ({ offersTools }) => offersTools === tools, takes: () => takes })
  }
  const sized = (limit: string) => (request: RequestTraits) =>
    `requests of ${limit} input tokens, of which this one has about ${request.inputTokens}`
  if (minInputTokens !== undefined) {
    const holds = ({ inputTokens }: RequestTraits) => inputTokens >= minInputTokens
    conditions.push({ holds, takes: sized(`at least ${minInputTokens}`) })
  }
  if (maxInputTokens !== undefined) {
    const holds = ({ inputTokens }: RequestTraits) => inputTokens <= maxInputTokens
    conditions.push({ holds, takes: sized(`at most ${maxInputTokens}`) })
  }
  return conditions
}

/** What conditions are asked of. */
export interface ConditionalDeployment {
  readonly provider: string
  readonly model: string
  /** `undefined`: it takes every request. */
  readonly conditions: Conditions | undefined
}

/**
 * The deployments whose conditions hold, in the same order. Throws `unsupported_feature` when there is none: to the client
 * it says what the deployments take instead, to the operator which of them.
 */
export function fitting<D extends ConditionalDeployment>(
  model: string,
  deployments: readonly D[],
  request: RequestTraits,
): readonly D[] {
  const refusals = deployments.map(({ conditions }) => conditions?.refusal(request))
  const fit = deployments.filter((_, at) => refusals[at] === undefined)
  if (fit.length > 0 || deployments.length === 0) return fit
  const taken = [...new Set(refusals)].join('; ')
  const reasons = deployments.map(({ provider, model: name }, at) => `${provider}/${name} takes ${refusals[at]}`)
  throw new GatewayError('unsupported_feature', {
    detail: `No deployment of the model "${model}" takes this request, only: ${taken}.`,
    reason: `The conditions of every deployment exclude the request: ${reasons.join('; ')}`,
  })
}
