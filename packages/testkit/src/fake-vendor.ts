import type { ServerResponse } from 'node:http'
import type { Json } from '@konnect/contract'
import { type FakeServer, startHttpServer } from './http-server.ts'

/** One answer of a fake vendor. */
export type VendorReply =
  | {
      /** Default 200. */
      readonly status?: number
      readonly headers?: Readonly<Record<string, string>>
      readonly json: Json
    }
  | {
      readonly status?: number
      readonly headers?: Readonly<Record<string, string>>
      /** Server-sent events, each complete with its blank line; sent one write each. */
      readonly events: readonly string[]
      /** Sends the whole stream in writes of this many bytes instead. */
      readonly splitBytes?: number
      /** Breaks the connection off after this many events (or writes). */
      readonly cutAfter?: number
      /** Waits for this before the given event (or write) goes out, to hold a stream open. */
      readonly holdBefore?: { readonly index: number; readonly until: Promise<unknown> }
    }

/** A scripted AI vendor. */
export interface FakeVendor extends FakeServer {
  /** Adds answers; each is used once, in order. */
  enqueue(...replies: VendorReply[]): void
}

/** `data:` events, one per value, as a vendor's stream sends them; strings go out as they are. */
export const sseEvents = (...values: readonly Json[]): string[] =>
  values.map((value) => `data: ${typeof value === 'string' ? value : JSON.stringify(value)}\n\n`)

/** Starts a vendor that plays the given answers. Once they are used up, `fallback` answers, or status 500. */
export async function startFakeVendor(fallback?: VendorReply): Promise<FakeVendor> {
  const queue: VendorReply[] = []
  const nothingLeft: VendorReply = { status: 500, json: { error: { message: 'the script is over' } } }
  const { server: _server, ...vendor } = await startHttpServer((_request, response) =>
    play(queue.shift() ?? fallback ?? nothingLeft, response),
  )
  return { ...vendor, enqueue: (...replies) => void queue.push(...replies) }
}

async function play(reply: VendorReply, response: ServerResponse): Promise<void> {
  const isStream = 'events' in reply
  response.writeHead(reply.status ?? 200, {
    'content-type': isStream ? 'text/event-stream' : 'application/json',
    ...reply.headers,
  })
  if (!isStream) {
    response.end(JSON.stringify(reply.json))
    return
  }
  for (const [index, piece] of piecesOf(reply).entries()) {
    if (reply.holdBefore?.index === index) await reply.holdBefore.until
    if (reply.cutAfter === index) response.destroy()
    if (response.destroyed) return
    await flushed(response, piece)
  }
  if (reply.cutAfter === undefined) response.end()
  else response.destroy()
}

/** Resolves once the bytes have left this process: what was written before a cut has to arrive. */
const flushed = (response: ServerResponse, piece: Buffer) =>
  new Promise<void>((resolve) => {
    response.write(piece, () => resolve())
  })

function piecesOf({ events, splitBytes }: { events: readonly string[]; splitBytes?: number }): Buffer[] {
  if (splitBytes === undefined) return events.map((event) => Buffer.from(event))
  const bytes = Buffer.from(events.join(''))
  return Array.from({ length: Math.ceil(bytes.length / splitBytes) }, (_, index) =>
    bytes.subarray(index * splitBytes, (index + 1) * splitBytes),
  )
}
