// Plays a vendor that speaks Anthropic's format, and streams from it with the official OpenAI SDK.
import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import OpenAI from 'openai'

const events = [
  { type: 'message_start', message: startOf('claude-sonnet-4-5') },
  { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
  { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'Two formats, ' } },
  { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'one stream.' } },
  { type: 'content_block_stop', index: 0 },
  { type: 'message_delta', delta: { stop_reason: 'end_turn', stop_sequence: null }, usage: { output_tokens: 7 } },
  { type: 'message_stop' },
]

function startOf(model) {
  const usage = { input_tokens: 11, output_tokens: 1 }
  return { id: 'msg_1', type: 'message', role: 'assistant', model, content: [], stop_reason: null, usage }
}

const asked = []
const vendor = createServer((request, response) => {
  asked.push(request.url)
  response.writeHead(200, { 'content-type': 'text/event-stream' })
  for (const event of events) response.write(`event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`)
  response.end()
}).listen(19111, '127.0.0.1')

try {
  const gateway = process.env.KONNECT_GATEWAY_URL ?? 'http://127.0.0.1:8000'
  const openai = new OpenAI({ baseURL: `${gateway}/v1`, apiKey: 'kn_example_0123456789abcdef', maxRetries: 0 })
  const stream = await openai.chat.completions.create({
    model: 'assistant',
    stream: true,
    stream_options: { include_usage: true },
    messages: [{ role: 'user', content: 'What do you do?' }],
  })
  let text = ''
  let usage
  for await (const chunk of stream) {
    text += chunk.choices[0]?.delta?.content ?? ''
    usage = chunk.usage ?? usage
  }
  console.log(text, usage)
  assert.equal(text, 'Two formats, one stream.')
  assert.deepEqual([usage?.prompt_tokens, usage?.completion_tokens], [11, 7])
  assert.deepEqual(asked, ['/v1/messages'])
} finally {
  vendor.close()
}
