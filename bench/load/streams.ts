import { Agent, request } from 'node:http'

/** A request for a stream. */
export interface StreamRequest {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** What many streams saw. */
export interface StreamResult {
  /** From sending each request to the first byte of its body. */
  readonly firstByteMs: readonly number[]
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
  const firstByteMs: number[] = []
  let broken = 0

  async function repeat(slot: number): Promise<void> {
    await pause((slot * rampMs) / concurrency)
    while (performance.now() < deadline) {
      try {
        firstByteMs.push(await readStream(stream, agent))
      } catch {
        broken++
      }
    }
  }

  await Promise.all(Array.from({ length: concurrency }, (_, slot) => repeat(slot)))
  agent.destroy()
  return { firstByteMs, broken }
}

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms))

/** Reads one stream to its end; resolves with the time to its first byte. */
function readStream({ url, headers, body }: StreamRequest, agent: Agent): Promise<number> {
  return new Promise((resolve, reject) => {
    const startedAt = performance.now()
    let firstByteMs: number | undefined
    const call = request(url, { method: 'POST', agent, headers }, (response) => {
      response.on('data', () => {
        firstByteMs ??= performance.now() - startedAt
      })
      response.once('error', reject)
      response.once('close', () => {
        if (response.statusCode === 200 && response.complete && firstByteMs !== undefined) resolve(firstByteMs)
        else reject(new Error(`status ${response.statusCode}`))
      })
    })
    call.once('error', reject)
    call.end(body)
  })
}
