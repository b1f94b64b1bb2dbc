import { Agent, request } from 'node:http'

/** A request for a stream. */
export interface StreamRequest {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  /** Text of the first content. */
  readonly token: string
}

/** What many streams saw. */
export interface StreamResult {
  /** From sending each request to the first content of its answer. */
  readonly firstTokenMs: readonly number[]
  /** Streams that broke, or did not answer 200. */
  readonly broken: number
}

/**
 * Keeps `concurrency` streams open for `seconds`: whenever one ends, the next starts. The first ones start evenly over
 * `rampMs`, so that they do not end together.
 */
export async function holdStreams(
  stream: StreamRequest,
  { concurrency, seconds, rampMs }: { concurrency: number; seconds: number; rampMs: number },
): Promise<StreamResult> {
  const agent = new Agent({ keepAlive: true, maxSockets: concurrency })
  const deadline = performance.now() + seconds * 1000
  const firstTokenMs: number[] = []
  let broken = 0

  async function repeat(slot: number): Promise<void> {
    await pause((slot * rampMs) / concurrency)
    while (performance.now() < deadline) {
      try {
        firstTokenMs.push(await readStream(stream, agent))
      } catch {
        broken++
      }
    }
  }

  await Promise.all(Array.from({ length: concurrency }, (_, slot) => repeat(slot)))
  agent.destroy()
  return { firstTokenMs, broken }
}

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms))

/** Reads one stream to its end; resolves with the time to its first token. */
function readStream({ url, headers, body, token }: StreamRequest, agent: Agent): Promise<number> {
  return new Promise((resolve, reject) => {
    const startedAt = performance.now()
    let firstTokenMs: number | undefined
    const call = request(url, { method: 'POST', agent, headers }, (response) => {
      response.on('data', (chunk: Buffer) => {
        if (firstTokenMs === undefined && chunk.includes(token)) firstTokenMs = performance.now() - startedAt
      })
      response.once('error', reject)
      response.once('close', () => {
        if (response.statusCode === 200 && response.complete && firstTokenMs !== undefined) resolve(firstTokenMs)
        else reject(new Error(`status ${response.statusCode}`))
      })
    })
    call.once('error', reject)
    call.end(body)
  })
}
