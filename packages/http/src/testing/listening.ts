import type { Listener, ListenerOptions, RequestHandler } from '../index.ts'
import { createListener } from '../index.ts'

/** A listener on a port of the system's choice, and how often it refused. */
export interface Listening {
  readonly port: number
  readonly listener: Listener
  readonly refusals: { readonly status: number; readonly reason: string }[]
}

const opened: Listener[] = []

/** Starts a listener that {@link closeListeners} closes. */
export async function listening(
  handler: RequestHandler,
  options: Omit<ListenerOptions, 'handler'> = {},
): Promise<Listening> {
  const refusals: { status: number; reason: string }[] = []
  const listener = createListener({ handler, onRefused: (refusal) => refusals.push(refusal), ...options })
  opened.push(listener)
  return { port: await listener.listen(0, '127.0.0.1'), listener, refusals }
}

/** Closes every listener that a test has opened. */
export async function closeListeners(): Promise<void> {
  await Promise.all(opened.splice(0).map((listener) => listener.close(0)))
}

/** Answers with what was asked, once the body is there. */
export const echo: RequestHandler = (request, responder) => {
  let body = ''
  request.body.pipeTo({
    write(chunk) {
      body += Buffer.from(chunk).toString('latin1')
      return true
    },
    end(trailers) {
      const { method, path, query, headers } = request
      const answer = { method, path, query, headers, body, ...(trailers ? { trailers } : {}) }
      responder.send(200, ['content-type', 'application/json'], JSON.stringify(answer))
    },
    fail() {},
  })
}
