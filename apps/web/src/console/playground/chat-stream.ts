/** One piece of a streamed chat answer (chat completions format). */
export interface ChatPiece {
  readonly text: string
  /** Set by the error event of a stream that failed after it began. */
  readonly error?: string
}

/**
 * Reads server-sent events (WHATWG HTML §9.2) of a chat completion, however their bytes are cut, and yields the text as
 * it arrives. Ends at `[DONE]` or at the end of the stream.
 */
export async function* chatPieces(stream: AsyncIterable<Uint8Array>): AsyncGenerator<ChatPiece> {
  for await (const data of eventData(stream)) {
    if (data === '[DONE]') return
    const piece = pieceOf(data)
    if (piece) yield piece
  }
}

async function* eventData(stream: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder()
  let rest = ''
  for await (const chunk of stream) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split(/\r?\n/)
    rest = lines.pop() ?? ''
    for (const line of lines) if (line.startsWith('data:')) yield line.slice(5).trim()
  }
  if (rest.startsWith('data:')) yield rest.slice(5).trim()
}

interface ChunkShape {
  readonly choices?: readonly { readonly delta?: { readonly content?: string | null } }[]
  readonly error?: { readonly message?: string }
}

function pieceOf(data: string): ChatPiece | undefined {
  let chunk: ChunkShape
  try {
    chunk = JSON.parse(data) as ChunkShape
  } catch {
    return undefined
  }
  if (chunk.error) return { text: '', error: chunk.error.message ?? 'The stream broke off.' }
  const text = chunk.choices?.[0]?.delta?.content
  return text ? { text } : undefined
}

/** The sentence in an error answer of the gateway, whichever shape it has. */
export function errorText(body: string, status: number): string {
  try {
    const parsed = JSON.parse(body) as { error?: { message?: string }; detail?: string }
    return parsed.error?.message ?? parsed.detail ?? `The gateway answered with status ${status}.`
  } catch {
    return `The gateway answered with status ${status}.`
  }
}

/** The chunks of a response body. Browsers differ in whether a stream can be iterated, so its reader is used. */
export async function* chunksOf(response: Response): AsyncGenerator<Uint8Array> {
  const reader = response.body?.getReader()
  if (!reader) return
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return
      yield value
    }
  } finally {
    reader.releaseLock()
  }
}
