import { createHash, randomBytes } from 'node:crypto'
import { GatewayError, type HeaderList, headerOf, removeHeader } from '@konnect/contract'

/** What browsers, which cannot send Authorization, put their key behind; and whose account they mean, which ours decides. */
const KEY_PREFIX = 'openai-insecure-api-key.'
const ACCOUNT_PREFIXES = ['openai-organization.', 'openai-project.']

const GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11'
const VERSION = '13'
const KEY = /^[A-Za-z0-9+/]{22}==$/

const PROTOCOL = 'sec-websocket-protocol'

/**
 * Moves the key that stands among the subprotocols of a handshake to Authorization, where policies look for it; one that
 * is there already goes before it. What remains of the subprotocols may go on.
 */
export function liftKey(headers: HeaderList): void {
  const offered = protocolsIn(headers)
  const key = offered.find((protocol) => protocol.startsWith(KEY_PREFIX))?.slice(KEY_PREFIX.length)
  const kept = offered.filter(
    (protocol) => ![KEY_PREFIX, ...ACCOUNT_PREFIXES].some((each) => protocol.startsWith(each)),
  )
  if (kept.length === offered.length) return
  removeHeader(headers, PROTOCOL)
  if (kept.length > 0) headers.push(PROTOCOL, kept.join(', '))
  if (key !== undefined && headerOf(headers, 'authorization') === undefined)
    headers.push('authorization', `Bearer ${key}`)
}

function protocolsIn(headers: HeaderList): string[] {
  const offered: string[] = []
  for (let i = 0; i < headers.length; i += 2) {
    if (headers[i] === PROTOCOL) offered.push(...(headers[i + 1] ?? '').split(','))
  }
  return offered.map((protocol) => protocol.trim()).filter((protocol) => protocol !== '')
}

/** A client's opening handshake (RFC 6455 §4.2.1), read. */
export interface ClientHandshake {
  readonly key: string
  /** Subprotocols, in the order of preference. */
  readonly protocols: readonly string[]
}

/** Throws `invalid_request` for anything but the handshake of a WebSocket. */
export function readHandshake(upgrade: string | undefined, headers: HeaderList): ClientHandshake {
  const key = headerOf(headers, 'sec-websocket-key')?.trim() ?? ''
  if (upgrade !== 'websocket' || !KEY.test(key)) {
    throw new GatewayError('invalid_request', { detail: 'This address is for WebSocket connections.' })
  }
  if (headerOf(headers, 'sec-websocket-version')?.trim() !== VERSION) {
    throw new GatewayError('invalid_request', {
      status: 426,
      detail: 'Only version 13 of WebSocket is spoken here.',
      headers: ['sec-websocket-version', VERSION],
    })
  }
  return { key, protocols: protocolsIn(headers) }
}

/** One attempt to open a session at a vendor. Extensions are not offered, so that frames stay readable. */
export class VendorHandshake {
  readonly #key = randomBytes(16).toString('base64')
  readonly #protocols: readonly string[]

  constructor(protocols: readonly string[]) {
    this.#protocols = protocols
  }

  /** To send besides `upgrade` and `connection`. */
  get headers(): HeaderList {
    const offered = this.#protocols.length === 0 ? [] : [PROTOCOL, this.#protocols.join(', ')]
    return ['sec-websocket-version', VERSION, 'sec-websocket-key', this.#key, ...offered]
  }

  /**
   * The fields with which the client's handshake is answered once the vendor's answer is there. A vendor that takes no
   * notice of subprotocols speaks the format all the same, but browsers hang up without one of those that they offered.
   * Throws `upstream_invalid` for an answer that RFC 6455 §4.1 tells clients to refuse.
   */
  accept(answer: HeaderList, client: ClientHandshake): HeaderList {
    if (headerOf(answer, 'sec-websocket-accept')?.trim() !== acceptOf(this.#key)) {
      throw invalid('Sec-WebSocket-Accept does not fit')
    }
    if (headerOf(answer, 'sec-websocket-extensions') !== undefined) throw invalid('an extension was not asked for')
    const chosen = headerOf(answer, PROTOCOL)?.trim()
    if (chosen !== undefined && !this.#protocols.includes(chosen)) throw invalid('a subprotocol was not asked for')
    return acceptClient(client, chosen)
  }
}

/** The fields that answer a client's handshake, with the subprotocol that it likes best unless another one was chosen. */
export function acceptClient({ key, protocols }: ClientHandshake, protocol = protocols[0]): HeaderList {
  return ['sec-websocket-accept', acceptOf(key), ...(protocol === undefined ? [] : [PROTOCOL, protocol])]
}

const acceptOf = (key: string): string =>
  createHash('sha1')
    .update(key + GUID)
    .digest('base64')

const invalid = (reason: string): GatewayError =>
  new GatewayError('upstream_invalid', { reason: `The handshake was answered wrongly: ${reason}` })
