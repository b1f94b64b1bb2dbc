// A vendor that streams slowly: node --import tsx slow-sse.ts PORT EVENTS INTERVAL_MS
// Answers every request with a stream: the first piece of content at once, the others one per interval. A path that ends
// in /messages is answered in Anthropic's format, any other in OpenAI's.
import { createServer, type ServerResponse } from 'node:http'

const [port = 0, events = 20, intervalMs = 200] = process.argv.slice(2).map(Number)

interface Pieces {
  readonly first: string
  readonly next: string
  readonly last: string
}

const chunk = (delta: object, finishReason: string | null) =>
  `data: ${JSON.stringify({
    id: 'chatcmpl-0000000000000000000001',
    object: 'chat.completion.chunk',
    created: 1_760_000_000,
    model: 'gpt-4o-mini-2024-07-18',
    choices: [{ index: 0, delta, finish_reason: finishReason }],
  })}\n\n`

const OPENAI: Pieces = {
  first: chunk({ role: 'assistant', content: 'word' }, null),
  next: chunk({ content: ' word' }, null),
  last: `${chunk({}, 'stop')}data: [DONE]\n\n`,
}

const event = (type: string, content: object) => `event: ${type}\ndata: ${JSON.stringify({ type, ...content })}\n\n`
const message = {
  id: 'msg_0000000000000000000001',
  type: 'message',
  role: 'assistant',
  model: 'claude-haiku-4-5-20251001',
  content: [],
  stop_reason: null,
  stop_sequence: null,
  usage: { input_tokens: 24, output_tokens: 1 },
}
const text = (value: string) => event('content_block_delta', { index: 0, delta: { type: 'text_delta', text: value } })

const ANTHROPIC: Pieces = {
  first:
    event('message_start', { message }) +
    event('content_block_start', { index: 0, content_block: { type: 'text', text: '' } }) +
    text('word'),
  next: text(' word'),
  last:
    event('content_block_stop', { index: 0 }) +
    event('message_delta', {
      delta: { stop_reason: 'end_turn', stop_sequence: null },
      usage: { output_tokens: events },
    }) +
    event('message_stop', {}),
}

function stream({ first, next, last }: Pieces, response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' })
  response.write(first)
  let sent = 1
  const timer = setInterval(() => {
    if (++sent < events) {
      response.write(next)
      return
    }
    clearInterval(timer)
    response.end(last)
  }, intervalMs)
  response.once('close', () => clearInterval(timer))
}

createServer((request, response) => {
  if (request.url === '/up') response.writeHead(204).end()
  else request.resume().once('end', () => stream(request.url?.endsWith('/messages') ? ANTHROPIC : OPENAI, response))
}).listen({ port, host: '127.0.0.1', backlog: 4096 })
