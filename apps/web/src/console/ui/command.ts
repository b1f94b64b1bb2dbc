/** One line of curl for an act of the control API, at this console's own address. */
export function commandOf(method: string, path: string, body?: unknown): string {
  const origin = globalThis.location?.origin ?? 'http://127.0.0.1:8001'
  const parts = [`curl -X ${method} ${origin}/api/v1${path}`, '-H "Authorization: Bearer $KONNECT_API_TOKEN"']
  if (body !== undefined) parts.push("-H 'Content-Type: application/json'", `-d '${JSON.stringify(body)}'`)
  return parts.join(' ')
}
