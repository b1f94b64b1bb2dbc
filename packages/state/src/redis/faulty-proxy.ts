import { connect, createServer, type Socket } from 'node:net'

/** A TCP proxy whose faults a test controls. */
export interface FaultyProxy {
  readonly port: number
  /** Bytes of the client are swallowed from now on, connections stay open; `false` ends that. */
  stall(isStalled: boolean): void
  /** Breaks all connections and refuses new ones. */
  goDown(): Promise<void>
  /** Listens again, on the same port. */
  comeBack(): Promise<void>
}

/** Starts a proxy to `host:port` on a port that the system picks; for tests. */
export async function startFaultyProxy(host: string, port: number): Promise<FaultyProxy> {
  const sockets = new Set<Socket>()
  let isStalled = false
  const keep = (socket: Socket): void => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    socket.on('error', () => socket.destroy())
  }
  const server = createServer((client) => {
    const upstream = connect(port, host)
    keep(client)
    keep(upstream)
    client.on('data', (chunk) => {
      if (!isStalled) upstream.write(chunk)
    })
    client.on('close', () => upstream.destroy())
    upstream.pipe(client)
  })
  const listen = (wanted: number) =>
    new Promise<number>((resolve, reject) => {
      server.once('error', reject)
      server.listen(wanted, '127.0.0.1', () => {
        const address = server.address()
        if (address === null || typeof address === 'string') reject(new Error('The proxy does not listen on TCP'))
        else resolve(address.port)
      })
    })
  const own = await listen(0)
  return {
    port: own,
    stall: (isOn) => {
      isStalled = isOn
    },
    async goDown() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      for (const socket of sockets) socket.destroy()
      await closed
    },
    comeBack: async () => void (await listen(own)),
  }
}
