import { MessageChannel, type MessagePort } from 'node:worker_threads'
import type { StateChannel } from './channel.ts'

/**
 * Both ends of a real channel, for tests: messages pass through JSON, as between processes, and arrive later; closing one
 * end closes the other.
 */
export function channelPair(): { worker: StateChannel; parent: StateChannel; close(): void } {
  const { port1, port2 } = new MessageChannel()
  return { worker: overPort(port1), parent: overPort(port2), close: () => port1.close() }
}

const overPort = (port: MessagePort): StateChannel => ({
  send: (message) => port.postMessage(JSON.stringify(message)),
  onMessage: (listen) => void port.on('message', (text: string) => listen(JSON.parse(text))),
  onClose: (listen) => void port.on('close', listen),
})
