import type { HeaderList } from './headers.ts'

/** One row of the error table. `detail` is safe for the client, `advice` is for whoever operates the gateway. */
export interface ErrorDefinition {
  /** HTTP status (RFC 9110 §15; 499 is nginx's "client closed request" and is only ever recorded, never sent). */
  readonly status: number
  readonly title: string
  readonly detail: string
  readonly advice: string
}

const row = (status: number, title: string, detail: string, advice: string): ErrorDefinition => ({
  status,
  title,
  detail,
  advice,
})

/**
 * Every error that Konnect can answer with. Codes are stable: clients may branch on them.
 * `docs/reference/errors.md` lists the same rows and a test compares the two.
 */
export const ERRORS = {
  // The request itself
  malformed_request: row(
    400,
    'Malformed request',
    'The request is not valid HTTP.',
    'Look at the client or the proxy in front of the gateway: it sent an ambiguous or broken message.',
  ),
  malformed_json: row(
    400,
    'Malformed JSON',
    'The request body is not valid JSON.',
    'Send a JSON object; the detail names the position of the first fault.',
  ),
  invalid_request: row(
    400,
    'Invalid request',
    'The request is missing something or has a value of the wrong type.',
    'The detail names the field and what was expected.',
  ),
  unsupported_feature: row(
    400,
    'Unsupported by the target',
    'The request uses something that the chosen model cannot express.',
    'Remove the feature, choose another model, or leave strict mode.',
  ),
  residency_unmet: row(
    403,
    'Residency rules not met',
    'The rules on where content may go leave no place that could answer.',
    'Ask the operator to add a deployment in an allowed region, or to state region and terms of the providers.',
  ),
  body_too_large: row(
    413,
    'Body too large',
    'The request body is larger than this route accepts.',
    'Raise the limit of the request-size policy or send less.',
  ),
  header_too_large: row(
    431,
    'Header fields too large',
    'The request header section is larger than the gateway accepts.',
    'Send fewer or smaller headers; cookies are the usual cause.',
  ),
  uri_too_long: row(
    414,
    'URI too long',
    'The request target is longer than the gateway accepts.',
    'Move data from the query into the body.',
  ),
  expectation_failed: row(
    417,
    'Expectation failed',
    'The Expect header asks for something the gateway does not do.',
    'Only 100-continue is understood.',
  ),
  request_timeout: row(
    408,
    'Request timeout',
    'The request did not arrive in time.',
    'The client was slower than the listener allows.',
  ),
  upgrade_refused: row(
    400,
    'Upgrade refused',
    'This route does not switch protocols.',
    'Set the route protocol to websocket if clients should be able to upgrade.',
  ),
  // Routing
  route_not_found: row(
    404,
    'No such route',
    'No route matches this request.',
    'Check host, path, method and headers against the published routes.',
  ),
  method_not_allowed: row(
    405,
    'Method not allowed',
    'The path exists, but not with this method.',
    'The Allow header lists the methods that do.',
  ),
  model_not_found: row(
    404,
    'No such model',
    'The model does not exist or this application may not use it.',
    'Check the model name and the subscriptions of the application.',
  ),
  model_retired: row(
    410,
    'Model retired',
    'The model is no longer served.',
    'Move the applications to the replacement that the model names, or set its state back to deprecated with a later sunset.',
  ),
  // Identity and rights
  credential_missing: row(
    401,
    'Credential required',
    'This request carries no credential.',
    'Send the API key in Authorization: Bearer, X-Api-Key, or where the policy says.',
  ),
  credential_invalid: row(
    401,
    'Credential not accepted',
    'The credential is unknown, expired or revoked.',
    'Create a new key for the application, or correct the token.',
  ),
  subscription_required: row(
    403,
    'Subscription required',
    'The application has no active subscription to this.',
    'Subscribe the application, or have its pending subscription approved.',
  ),
  address_denied: row(
    403,
    'Address not allowed',
    'Requests from this address are not accepted here.',
    'Change the ip-rule policy if this address should pass.',
  ),
  origin_denied: row(
    403,
    'Origin not allowed',
    'Requests from this origin are not accepted here.',
    'Add the origin to the cors policy if it should pass.',
  ),
  // Limits
  rate_limited: row(
    429,
    'Too many requests',
    'The rate limit is used up; try again later.',
    'Wait for the time in Retry-After, or raise the limit.',
  ),
  gateway_overloaded: row(
    503,
    'Gateway overloaded',
    'The gateway has no room for another request right now.',
    'Add workers or gateways, or lower the load.',
  ),
  // The other side
  no_healthy_target: row(
    503,
    'No healthy upstream',
    'No upstream can take the request right now.',
    'Look at the health of the targets of this upstream.',
  ),
  provider_removed: row(
    410,
    'Provider removed',
    'What this id names is kept at a provider that is no longer configured.',
    'Configure the provider, or the key of it that was used, under its former name again.',
  ),
  upstream_unreachable: row(
    502,
    'Upstream unreachable',
    'The upstream could not be reached.',
    'Check the address, DNS, firewall and TLS of the target.',
  ),
  upstream_invalid: row(
    502,
    'Invalid upstream response',
    'The upstream sent something that is not a valid response.',
    'The Call names the target and what was wrong.',
  ),
  upstream_timeout: row(
    504,
    'Upstream timeout',
    'The upstream did not answer in time.',
    'Raise the timeout of the upstream, or find out why it is slow.',
  ),
  upstream_truncated: row(
    502,
    'Upstream response truncated',
    'The upstream ended its response before it was complete.',
    'The Call names the target; look at its log.',
  ),
  upstream_error: row(
    502,
    'Upstream error',
    'The upstream answered with an error.',
    'The Call holds the status and message of the upstream.',
  ),
  dependency_unavailable: row(
    503,
    'Dependency unavailable',
    'Something this gateway needs is not available right now.',
    'The Call names it: shared state, a key set, or an identity provider.',
  ),
  client_closed: row(
    499,
    'Client closed the connection',
    'The client went away before the response was complete.',
    'Nothing to do, unless clients give up because of latency.',
  ),
  internal_error: row(
    500,
    'Internal error',
    'The gateway failed unexpectedly.',
    'Search the log for the request id and report it.',
  ),
  not_ready: row(
    503,
    'Not ready',
    'The gateway has no configuration yet.',
    'It starts to serve as soon as the control plane published a Snapshot.',
  ),
  // Control plane
  unauthenticated: row(
    401,
    'Sign-in required',
    'This needs a signed-in user or an API token.',
    'Sign in, or send Authorization: Bearer with an API token.',
  ),
  sign_in_failed: row(
    401,
    'Sign-in failed',
    'E-mail and password do not belong together.',
    'Try again; after several failures the account waits.',
  ),
  too_many_attempts: row(
    429,
    'Too many attempts',
    'Too many failed attempts; wait before the next one.',
    'Wait for the time in Retry-After.',
  ),
  permission_denied: row(
    403,
    'Permission denied',
    'Your role does not allow this.',
    'Ask an administrator of the tenant for the role you need.',
  ),
  setup_complete: row(409, 'Setup is complete', 'The first administrator exists already.', 'Sign in instead.'),
  setup_token_invalid: row(
    403,
    'Setup link not accepted',
    'The setup link is wrong or was used already.',
    'Take the newest link from the log of konnect start.',
  ),
  resource_not_found: row(
    404,
    'Not found',
    'There is no such resource.',
    'Check the name or id, and the tenant you work in.',
  ),
  validation_failed: row(
    422,
    'Validation failed',
    'Some values are missing, wrong or unknown.',
    'Each entry of errors names the place and what was expected.',
  ),
  name_taken: row(
    409,
    'Name taken',
    'A resource of this kind and name exists already.',
    'Choose another name, or edit the existing one.',
  ),
  revision_conflict: row(
    409,
    'Changed meanwhile',
    'Someone else changed this after you loaded it.',
    'Load it again, and repeat your change.',
  ),
  in_use: row(409, 'In use', 'Other resources refer to this one.', 'Remove the references first; errors lists them.'),
  snapshot_invalid: row(
    422,
    'Snapshot not accepted',
    'The configuration cannot be published.',
    'The detail names what does not fit together.',
  ),
  // Start and storage
  data_folder_locked: row(
    503,
    'Data folder in use',
    'Another process uses this data folder.',
    'Stop the other process, or choose another folder with --data.',
  ),
  database_unavailable: row(
    503,
    'Database unavailable',
    'The database cannot be reached.',
    'Check the address in --database-url and that the server runs.',
  ),
  secret_unreadable: row(
    500,
    'Secret unreadable',
    'A stored secret cannot be decrypted.',
    'The master key is not the one the secret was sealed with; restore KONNECT_MASTER_KEY.',
  ),
} as const satisfies Record<string, ErrorDefinition>

/** A stable error code; see {@link ERRORS}. */
export type ErrorCode = keyof typeof ERRORS

/** What a {@link GatewayError} may carry besides its code. */
export interface GatewayErrorOptions {
  /** Client-safe sentence in place of the table's. Must not name secrets, prompts or upstream addresses. */
  readonly detail?: string
  /** For the operator only: goes to the log and the Call, never to the client. */
  readonly reason?: string
  /** Answer status in place of the table's, e.g. when a vendor's own status is kept. */
  readonly status?: number
  /** Extra response fields, e.g. Retry-After. */
  readonly headers?: HeaderList
  /** Field-level faults, for `validation_failed`. */
  readonly errors?: readonly FieldFault[]
  readonly cause?: unknown
}

/** One fault at one place of a document. */
export interface FieldFault {
  /** JSON Pointer (RFC 6901) into the document. */
  readonly path: string
  /** What is wrong and what was expected, in one sentence. */
  readonly message: string
  readonly file?: string
  /** 1-based. */
  readonly line?: number
  /** 1-based. */
  readonly column?: number
}

/** The one error that stations, policies and the control plane throw; everything else is an `internal_error`. */
export class GatewayError extends Error {
  override readonly name = 'GatewayError'
  readonly code: ErrorCode
  readonly status: number
  readonly detail: string
  readonly reason: string | undefined
  readonly headers: HeaderList | undefined
  readonly errors: readonly FieldFault[] | undefined

  constructor(code: ErrorCode, options: GatewayErrorOptions = {}) {
    const definition = ERRORS[code]
    const detail = options.detail ?? definition.detail
    super(`${code}: ${options.reason ?? detail}`, options.cause === undefined ? undefined : { cause: options.cause })
    this.code = code
    this.status = options.status ?? definition.status
    this.detail = detail
    this.reason = options.reason
    this.headers = options.headers
    this.errors = options.errors
  }
}

/** Turns anything thrown into a {@link GatewayError}; unknown errors become `internal_error` with the cause kept. */
export function asGatewayError(error: unknown): GatewayError {
  if (error instanceof GatewayError) return error
  const reason = error instanceof Error ? error.message : String(error)
  return new GatewayError('internal_error', { reason, cause: error })
}

/** An RFC 9457 problem document. */
export interface ProblemDocument {
  readonly type: string
  readonly title: string
  readonly status: number
  readonly detail: string
  readonly code: ErrorCode
  readonly requestId?: string
  readonly errors?: readonly FieldFault[]
}

/** Renders an error as RFC 9457 `application/problem+json` content. */
export function problemOf(error: GatewayError, requestId?: string): ProblemDocument {
  return {
    type: `urn:konnect:error:${error.code}`,
    title: ERRORS[error.code].title,
    status: error.status,
    detail: error.detail,
    code: error.code,
    ...(requestId === undefined ? {} : { requestId }),
    ...(error.errors === undefined ? {} : { errors: error.errors }),
  }
}
