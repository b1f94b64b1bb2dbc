// A vendor that streams slowly: node --import tsx slow-sse.ts PORT EVENTS INTERVAL_MS
// Answers every request with a stream of chat completion chunks: the first one at once, the others one per interval.
import { createServer, type ServerResponse } from 'node:http'

const [port = 0, events = 20, intervalMs = 200] = process.argv.slice(2).map(Number)

const chunk = (delta: object, finishReason: string | null) =>
  `data: ${JSON.stringify({
    id: 'chatcmpl-0000000000000000000001',
    object: 'chat.completion.chunk',
    created: 1_760_000_000,
    model: 'gpt-4o-mini-2024-07-18',
    choices: [{ index: 0, delta, finish_reason: finishReason }],
  })}\n\n`

const FIRST = chunk({ role: 'assistant', content: 'word' }, null)
const NEXT = chunk({ content: ' word' }, null)
const LAST = `${chunk({}, 'stop')}data: [DONE]\n\n`

function stream(response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' })
  response.write(FIRST)
  let sent = 1
  const timer = setInterval(() => {
    if (++sent < events) {
      response.write(NEXT)
      return
    }
    clearInterval(timer)
    response.end(LAST)
  }, intervalMs)
  response.once('close', () => clearInterval(timer))
}

createServer((request, response) => {
  if (request.url === '/up') response.writeHead(204).end()
  else request.resume().once('end', () => stream(response))
}).listen(port, '127.0.0.1')
