/** Methods whose repetition has the effect of one request (RFC 9110 §9.2.2). */
const IDEMPOTENT: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE', 'PUT', 'DELETE'])

/**
 * Whether a failed attempt may be made again. When the upstream saw nothing of it, always. Otherwise only for idempotent
 * methods (RFC 9110 §9.2.2), and only when there is no body that went out and cannot be had again.
 *
 * Says nothing about budgets, nor about whether the response has begun: after its first byte nothing is repeated.
 */
export function isRepeatable(method: string, wasSent: boolean, hasBody: boolean): boolean {
  return !wasSent || (IDEMPOTENT.has(method) && !hasBody)
}
