import { Agent as HttpAgent, request as httpRequest, type OutgoingHttpHeaders } from 'node:http'
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https'
import { GatewayError, type GatewayStatus, type SignedSnapshot, type SnapshotSource } from '@konnect/contract'

const REQUEST_TIMEOUT_MS = 15_000

/** A gateway's connection to its control plane. */
export interface ControlLink extends SnapshotSource {
  /** Stores calls, given as JSON texts in UTF-8. Rejects with `validation_failed` for a batch that can never be stored, otherwise so that it is tried again. */
  ship(records: readonly Buffer[]): Promise<void>
  report(status: GatewayStatus): Promise<void>
}

/** Speaks to the control API at `url` (no trailing slash) with the installation's gateway token. */
export function createControlLink(url: string, token: string): ControlLink {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
  const agent = new (url.startsWith('https:') ? HttpsAgent : HttpAgent)({ keepAlive: true, maxSockets: 2 })
  const post = async (path: string, body: string | Buffer): Promise<void> => {
    const { status, text } = await send(new URL(`${url}/api/v1${path}`), agent, headers, body)
    if (status === 422 || status === 400) throw new GatewayError('validation_failed', { reason: text.slice(0, 500) })
    if (status >= 300)
      throw new GatewayError('dependency_unavailable', { reason: `The control plane answered ${status}` })
  }
  return {
    async next(version, waitMs, signal) {
      const response = await fetch(`${url}/api/v1/gateway/snapshot?after=${version}&wait=${waitMs}`, {
        headers,
        signal: AbortSignal.any([signal, AbortSignal.timeout(waitMs + REQUEST_TIMEOUT_MS)]),
      })
      if (response.status === 200) return (await response.json()) as SignedSnapshot
      await response.arrayBuffer()
      if (response.status === 204) return undefined
      throw new GatewayError('dependency_unavailable', { reason: `The control plane answered ${response.status}` })
    },
    ship: (records) => post('/gateway/calls', batchOf(records)),
    report: (status) => post('/gateway/status', JSON.stringify(status)),
  }
}

const BATCH_START = Buffer.from('{"calls":[')
const BATCH_END = Buffer.from(']}')
const COMMA = Buffer.from(',')

/** The body of a shipment, put together without reading what is in it. */
function batchOf(records: readonly Buffer[]): Buffer {
  return Buffer.concat([
    BATCH_START,
    ...records.flatMap((record, index) => (index === 0 ? [record] : [COMMA, record])),
    BATCH_END,
  ])
}

/** Posts a body that is in memory already. Costs a gateway much less than `fetch`, which copies and streams it. */
function send(url: URL, agent: HttpAgent, headers: OutgoingHttpHeaders, body: string | Buffer) {
  const request = url.protocol === 'https:' ? httpsRequest : httpRequest
  return new Promise<{ status: number; text: string }>((resolve, reject) => {
    const outgoing = request(
      url,
      {
        method: 'POST',
        agent,
        headers: { ...headers, 'content-length': Buffer.byteLength(body) },
        signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS),
      },
      (response) => {
        let text = ''
        response.setEncoding('utf8')
        response.on('data', (chunk: string) => {
          text += chunk
        })
        response.on('error', reject)
        response.on('end', () => resolve({ status: response.statusCode ?? 0, text }))
      },
    )
    outgoing.on('error', reject)
    outgoing.end(body)
  })
}
