import { errorOfResponse, unreachable } from './error.ts'

/** Marks an answer that the control plane passes on and did not write itself. */
const RELAYED_HEADER = 'x-konnect-relayed'

/** Values of a query string; what is undefined is left out. */
export type Query = Readonly<Record<string, string | number | boolean | undefined>>

/** How a client reaches its control plane. */
export interface TransportOptions {
  /** Origin of the control plane, e.g. `http://127.0.0.1:8001`; empty for the page's own origin. */
  readonly baseUrl: string
  /** API token. Left out in the browser, where the session cookie speaks. */
  readonly token?: string
  /** Default: the global one. */
  readonly fetch?: typeof fetch
  /** Called with the Snapshot version that a successful write answered with. */
  readonly onSnapshot?: (version: number) => void
}

/** One request to the control API. */
export interface ControlRequest {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | undefined
  readonly query?: Query | undefined
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>> | undefined
  readonly signal?: AbortSignal | undefined
}

/** Sends requests and turns refusals into {@link ControlApiError}s. */
export interface Transport {
  /** The decoded JSON answer; undefined for 204. */
  json<T>(path: string, request?: ControlRequest): Promise<T>
  text(path: string, request?: ControlRequest): Promise<string>
  /** The answer itself, also a refusal when it is not the control plane's own but one that it relays. */
  relayed(path: string, request?: ControlRequest): Promise<Response>
}

/** Creates the transport; nothing is sent yet. */
export function createTransport(options: TransportOptions): Transport {
  const base = options.baseUrl.replace(/\/+$/, '')
  const send = options.fetch ?? ((input: string | URL | Request, init?: RequestInit) => fetch(input, init))

  const raw = async (path: string, request: ControlRequest = {}): Promise<Response> => {
    const response = await attempt(() => send(`${base}/api/v1${path}${queryText(request.query)}`, init(request)), base)
    if (!response.ok && !response.headers.has(RELAYED_HEADER)) throw await errorOfResponse(response)
    return response
  }

  const answered = async (path: string, request?: ControlRequest): Promise<Response> => {
    const response = await raw(path, request)
    announce(response)
    return response
  }

  const init = (request: ControlRequest): RequestInit => ({
    method: request.method ?? 'GET',
    credentials: 'same-origin',
    headers: {
      accept: 'application/json',
      ...(request.body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(options.token === undefined ? {} : { authorization: `Bearer ${options.token}` }),
      ...request.headers,
    },
    ...(request.body === undefined ? {} : { body: JSON.stringify(request.body) }),
    ...(request.signal === undefined ? {} : { signal: request.signal }),
  })

  const announce = (response: Response): void => {
    const version = response.headers.get('x-konnect-snapshot')
    if (version !== null) options.onSnapshot?.(Number(version))
  }

  return {
    relayed: raw,
    json: async <T>(path: string, request?: ControlRequest) => {
      const response = await answered(path, request)
      return (response.status === 204 ? undefined : await response.json()) as T
    },
    text: async (path, request) => (await answered(path, request)).text(),
  }
}

async function attempt(send: () => Promise<Response>, base: string): Promise<Response> {
  try {
    return await send()
  } catch (error) {
    if (error instanceof Error && (error.name === 'AbortError' || error.name === 'TimeoutError')) throw error
    throw unreachable(error, base)
  }
}

function queryText(query: Query = {}): string {
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) if (value !== undefined) search.set(name, String(value))
  return search.size === 0 ? '' : `?${search}`
}
