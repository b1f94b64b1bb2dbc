import { connect, type Socket } from 'node:net'

/** A client that sends exactly the bytes it is told to. */
export class RawClient {
  readonly socket: Socket
  private text = ''
  private isClosed = false
  private wake: (() => void) | undefined

  constructor(port: number) {
    this.socket = connect({ port, host: '127.0.0.1', noDelay: true })
    this.socket.setEncoding('latin1')
    this.socket.on('data', (piece: string) => {
      this.text += piece
      this.wake?.()
    })
    this.socket.on('error', () => {})
    this.socket.on('close', () => {
      this.isClosed = true
      this.wake?.()
    })
  }

  get received(): string {
    return this.text
  }

  write(latin1: string): void {
    this.socket.write(latin1, 'latin1')
  }

  /** Resolves with everything received once it holds `part`; rejects when the connection closes before. */
  async until(part: string, times = 1): Promise<string> {
    while (this.text.split(part).length <= times) {
      if (this.isClosed) throw new Error(`Closed before "${part}" came; received: ${this.text}`)
      await this.change()
    }
    return this.text
  }

  /** Resolves with everything received when the server closes the connection. */
  async untilClosed(): Promise<string> {
    while (!this.isClosed) await this.change()
    return this.text
  }

  destroy(): void {
    this.socket.destroy()
  }

  private change(): Promise<void> {
    return new Promise((resolve) => {
      this.wake = resolve
    })
  }
}

/** Sends `latin1` and resolves with what came back until the server closed. */
export async function rawExchange(port: number, latin1: string): Promise<string> {
  const client = new RawClient(port)
  client.write(latin1)
  return client.untilClosed()
}
