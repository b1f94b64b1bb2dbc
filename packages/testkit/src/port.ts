import { createServer, type Server } from 'node:net'

/**
 * A TCP port of 127.0.0.1 that was free a moment ago. Only for programs that must be told a number; whoever can listen
 * on port 0 should do that.
 */
export async function findFreePort(): Promise<number> {
  const server = createServer()
  const port = await listenOnAnyPort(server)
  await new Promise<void>((resolve) => server.close(() => resolve()))
  return port
}

/** Lets a server listen on a port of 127.0.0.1 that the system picks; resolves with it. */
export function listenOnAnyPort(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      server.off('error', reject)
      const address = server.address()
      if (address === null || typeof address === 'string') reject(new Error('The server does not listen on TCP'))
      else resolve(address.port)
    })
  })
}
