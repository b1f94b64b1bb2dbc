import { GatewayError, type HeaderList, type SnapshotModel } from '@konnect/contract'

/** What callers of a model that is on its way out are told. */
export interface ModelLifecycle {
  /** For every answer: Deprecation (RFC 9745), Sunset (RFC 8594), Link to the successor (RFC 5829). */
  readonly headers: HeaderList
  /** `model_retired` once the model is retired or its sunset has passed. */
  refusal(): GatewayError | undefined
}

export interface LifecycleContext {
  /** ISO 8601: since when a model is deprecated that does not say. */
  readonly publishedAt: string
  /** Unix time in milliseconds. */
  now(): number
}

/** `undefined` for active models. */
export function compileLifecycle(model: SnapshotModel, context: LifecycleContext): ModelLifecycle | undefined {
  if (model.state === 'active') return undefined
  const { since, sunset, replacement } = model.deprecation ?? {}
  const sunsetMs = sunset === undefined ? Number.POSITIVE_INFINITY : Date.parse(sunset)
  const endsMs = model.state === 'retired' ? Number.NEGATIVE_INFINITY : sunsetMs
  const headers = [
    'deprecation',
    `@${Math.floor(Date.parse(since ?? context.publishedAt) / 1000)}`,
    ...(sunset === undefined ? [] : ['sunset', new Date(sunsetMs).toUTCString()]),
    ...(replacement === undefined ? [] : ['link', successorLink(replacement)]),
  ]
  return {
    headers,
    refusal: () => (context.now() < endsMs ? undefined : retired(model.name, replacement, headers)),
  }
}

const successorLink = (name: string): string =>
  `</v1/models/${encodeURIComponent(name)}>; rel="successor-version"; title="${name}"`

function retired(name: string, replacement: string | undefined, headers: HeaderList): GatewayError {
  const instead = replacement === undefined ? '' : ` Use "${replacement}" instead.`
  return new GatewayError('model_retired', { detail: `The model "${name}" is no longer served.${instead}`, headers })
}
