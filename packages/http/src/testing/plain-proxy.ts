import { GatewayError } from '@konnect/contract'
import { type RequestHandler, stripHopByHop, type UpstreamPool } from '../index.ts'

const TIMEOUTS = { connectMs: 5_000, headMs: 10_000, idleMs: 10_000 }

/** The least that joins a listener to a pool: what the gateway does, without everything that it does besides. */
export function plainProxy(pool: UpstreamPool): RequestHandler {
  return (request, responder) => {
    const { method, path, query, headers, body, upgrade } = request
    stripHopByHop(headers)
    const isFraming = (at: number) => headers[at - (at % 2)] === 'content-length'
    const outgoing = headers.filter((_, at) => !isFraming(at))
    const target = query === '' ? path : `${path}?${query}`
    const switching = upgrade === undefined ? {} : { upgrade }
    const call = pool.send(
      { method, target, headers: outgoing, body, ...switching },
      {
        onInformational: (status, fields) => responder.informational(status, fields),
        onHead: (status, fields, length) => responder.head(status, fields, length),
        onData: (chunk) => responder.write(chunk),
        onEnd: (trailers) => responder.end(trailers),
        onError(failure) {
          const { cause } = failure
          if (responder.isHeadSent) responder.destroy()
          else if (cause instanceof GatewayError) responder.send(cause.status, [], cause.message)
          else responder.send(failure.code === 'upstream_timeout' ? 504 : 502, [], failure.message)
        },
        onUpgrade(fields, upstream) {
          const client = responder.upgrade(fields)
          client.pipe(upstream).pipe(client)
          client.on('error', () => upstream.destroy()).on('close', () => upstream.destroy())
          upstream.on('error', () => client.destroy()).on('close', () => client.destroy())
        },
      },
      TIMEOUTS,
    )
    responder.onDrain = () => call.resume()
    responder.onClose = () => call.abort()
  }
}
