import type { Translation } from '@konnect/ai'
import { type HeaderList, headerOf } from '@konnect/contract'
import type { ActiveExchange } from '../exchange/active-exchange.ts'
import type { Deployment, DeploymentAddress } from '../plan/ai-plan.ts'

/**
 * The fields of a request to a vendor. Unlike plain HTTP nothing of the client goes along by itself: only what the
 * provider or, within one dialect, the vendor lists. Credentials of the client never do.
 */
export function vendorRequestHeaders(
  exchange: ActiveExchange,
  { deployment, address }: { deployment: Deployment; address: DeploymentAddress },
  { headers: translated, isPassed }: Pick<Translation, 'headers' | 'isPassed'>,
): HeaderList {
  const { headers: own } = address
  const forwards = isPassed ? deployment.forwardsSameDialect : deployment.forwards
  const headers = [...own]
  for (let i = 0; i < translated.length; i += 2) addUnlessPresent(headers, own, translated, i)
  const given = exchange.request.headers
  if (forwards.size > 0) {
    for (let i = 0; i < given.length; i += 2) if (forwards.has(given[i] ?? '')) replaceOrAdd(headers, given, i)
  }
  headers.push('x-request-id', exchange.id)
  return headers
}

function addUnlessPresent(headers: HeaderList, own: HeaderList, from: HeaderList, at: number): void {
  for (let i = 0; i < own.length; i += 2) if (own[i] === from[at]) return
  headers.push(from[at] ?? '', from[at + 1] ?? '')
}

function replaceOrAdd(headers: HeaderList, from: HeaderList, at: number): void {
  for (let i = 0; i < headers.length; i += 2) {
    if (headers[i] !== from[at]) continue
    headers[i + 1] = from[at + 1] ?? ''
    return
  }
  headers.push(from[at] ?? '', from[at + 1] ?? '')
}

/** The fields to send: those given, or what the vendor's signature over them and the content makes of them. */
export function signedHeaders(
  { pool, sign }: DeploymentAddress,
  { target, headers, body }: { target: string; headers: HeaderList; body: Uint8Array },
): HeaderList {
  if (sign === undefined) return headers
  return sign({ method: 'POST', url: pool.origin + target, headers, body }, Date.now())
}

const KEPT = new Set([
  'retry-after',
  'request-id',
  'openai-processing-ms',
  'openai-version',
  'anthropic-organization-id',
])

/** Fields in which vendors say their own id of a request. */
const UPSTREAM_IDS = new Set(['x-request-id', 'x-amzn-requestid'])

/** The response fields of a vendor that the client gets; its own id of the request as `x-upstream-request-id`. */
function keptVendorHeaders(headers: HeaderList): HeaderList {
  const kept: HeaderList = []
  for (let i = 0; i < headers.length; i += 2) {
    const name = headers[i] ?? ''
    if (UPSTREAM_IDS.has(name)) kept.push('x-upstream-request-id', headers[i + 1] ?? '')
    else if (KEPT.has(name)) kept.push(name, headers[i + 1] ?? '')
  }
  return kept
}

/**
 * What a response gets besides its content type: the vendor's fields that are kept, and what was left out of the request and,
 * as far as it is known by then, of the answer.
 */
export function addedHeaders(
  vendorHeaders: HeaderList,
  translation: Pick<Translation, 'dropped'> | undefined,
  droppedOfAnswer: readonly string[] = [],
): HeaderList {
  const added = keptVendorHeaders(vendorHeaders)
  const dropped = [...(translation?.dropped ?? []), ...droppedOfAnswer]
  if (dropped.length > 0) added.push('x-konnect-dropped', dropped.join(', '))
  return added
}

/** The fields of a stream for the client. */
export function streamHeaders(vendorHeaders: HeaderList, translation: Translation | undefined): HeaderList {
  const given = headerOf(vendorHeaders, 'content-type') ?? ''
  const contentType = translation?.streamTypeFor(given) ?? given
  return ['content-type', contentType, 'cache-control', 'no-cache', ...addedHeaders(vendorHeaders, translation)]
}
