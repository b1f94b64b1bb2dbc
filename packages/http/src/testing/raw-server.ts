import { createServer, type Server, type Socket } from 'node:net'

/** A server that behaves as its script says, however badly. `script` gets each connection and its number, from 0. */
export async function startRawServer(
  script: (socket: Socket, connection: number) => void,
): Promise<{ origin: string; sockets: Set<Socket>; accepted(): number; close(): Promise<void> }> {
  const sockets = new Set<Socket>()
  let accepted = 0
  const server: Server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => {})
    socket.on('close', () => sockets.delete(socket))
    script(socket, accepted++)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  return {
    origin: `http://127.0.0.1:${port}`,
    sockets,
    accepted: () => accepted,
    close: () => {
      for (const socket of sockets) socket.destroy()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
}

/** Calls `onRequest` for each request head that arrives, with the head and the bytes after it. Bodies are not parsed. */
export function onHeads(socket: Socket, onRequest: (head: string, rest: string) => void): void {
  let text = ''
  socket.on('data', (chunk) => {
    text += chunk.toString('latin1')
    const end = text.indexOf('\r\n\r\n')
    if (end < 0) return
    const head = text.slice(0, end + 4)
    const rest = text.slice(end + 4)
    text = ''
    onRequest(head, rest)
  })
}
