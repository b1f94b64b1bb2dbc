import type { Duplex } from 'node:stream'
import type { ActiveExchange } from '../exchange/active-exchange.ts'

/**
 * Joins two switched connections until either side ends. Backpressure works both ways; nothing is looked into. `onClose`
 * is called exactly once, when both are gone.
 */
export function startTunnel(
  exchange: ActiveExchange,
  client: Duplex,
  upstream: Duplex,
  onClose: () => void,
): { close: () => void } {
  let open = 2
  const closed = () => {
    open--
    client.destroy()
    upstream.destroy()
    if (open === 0) onClose()
  }
  client.on('error', () => client.destroy())
  upstream.on('error', () => upstream.destroy())
  client.once('close', closed)
  upstream.once('close', closed)
  client.on('data', (chunk: Uint8Array) => {
    exchange.requestBytes += chunk.byteLength
  })
  upstream.on('data', (chunk: Uint8Array) => {
    exchange.tunnelBytes += chunk.byteLength
  })
  client.pipe(upstream)
  upstream.pipe(client)
  return {
    close() {
      client.destroy()
      upstream.destroy()
    },
  }
}
