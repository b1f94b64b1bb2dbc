import type { FieldFault } from '@konnect/contract'

/**
 * What every method of the client throws when the control plane refuses or cannot be reached. `code` is one of the
 * contract's error table, or `unreachable` (status 0) when no answer came.
 */
export class ControlApiError extends Error {
  override readonly name = 'ControlApiError'
  readonly status: number
  readonly code: string
  readonly title: string
  readonly detail: string
  readonly errors: readonly FieldFault[]
  readonly requestId: string | undefined
  /** Seconds of Retry-After, where the answer had one. */
  readonly retryAfterSeconds: number | undefined

  constructor(problem: ProblemFields, options?: ErrorOptions) {
    super(problem.detail, options)
    this.status = problem.status
    this.code = problem.code
    this.title = problem.title
    this.detail = problem.detail
    this.errors = problem.errors ?? []
    this.requestId = problem.requestId
    this.retryAfterSeconds = problem.retryAfterSeconds
  }
}

interface ProblemFields {
  readonly status: number
  readonly code: string
  readonly title: string
  readonly detail: string
  readonly errors?: readonly FieldFault[] | undefined
  readonly requestId?: string | undefined
  readonly retryAfterSeconds?: number | undefined
}

/** Reads a refused answer. Anything that is not a problem document (RFC 9457) still becomes a telling error. */
export async function errorOfResponse(response: Response): Promise<ControlApiError> {
  const problem = await problemFields(response)
  const retryAfter = Number(response.headers.get('retry-after') ?? Number.NaN)
  return new ControlApiError({
    status: response.status,
    code: problem.code ?? 'internal_error',
    title: problem.title ?? (response.statusText || 'Error'),
    detail: problem.detail ?? `The control plane answered with status ${response.status}.`,
    errors: problem.errors,
    requestId: problem.requestId ?? response.headers.get('x-request-id') ?? undefined,
    retryAfterSeconds: Number.isFinite(retryAfter) ? retryAfter : undefined,
  })
}

async function problemFields(response: Response): Promise<Partial<ProblemFields>> {
  try {
    const body: unknown = await response.json()
    return typeof body === 'object' && body !== null ? (body as Partial<ProblemFields>) : {}
  } catch {
    return {}
  }
}

/** No answer came: refused connection, broken network. Aborts pass through unchanged. */
export function unreachable(cause: unknown, baseUrl: string): ControlApiError {
  return new ControlApiError(
    {
      status: 0,
      code: 'unreachable',
      title: 'Control plane unreachable',
      detail: `No answer from the control plane${baseUrl === '' ? '' : ` at ${baseUrl}`}.`,
    },
    { cause },
  )
}
