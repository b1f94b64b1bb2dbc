// Plays two vendors, of which the first is overloaded, and calls the model as the application "chat".
import assert from 'node:assert/strict'
import { createServer } from 'node:http'

const completion = {
  id: 'chatcmpl-1',
  object: 'chat.completion',
  created: 1_760_000_000,
  model: 'gpt-4o-mini',
  choices: [{ index: 0, message: { role: 'assistant', content: 'Still here.' }, finish_reason: 'stop' }],
  usage: { prompt_tokens: 9, completion_tokens: 3, total_tokens: 12 },
}

const asked = []
const vendor = (port, status, body) =>
  createServer((_request, response) => {
    asked.push(port)
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
  }).listen(port, '127.0.0.1')

const vendors = [
  vendor(19121, 503, { error: { message: 'Overloaded', type: 'server_error' } }),
  vendor(19122, 200, completion),
]

try {
  const gateway = process.env.KONNECT_GATEWAY_URL ?? 'http://127.0.0.1:8000'
  const response = await fetch(`${gateway}/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: 'Bearer kn_example_0123456789abcdef', 'content-type': 'application/json' },
    body: JSON.stringify({ model: 'assistant', messages: [{ role: 'user', content: 'Are you there?' }] }),
  })
  const answer = await response.json()
  console.log(response.status, answer.choices?.[0]?.message.content, 'asked:', asked)
  assert.equal(response.status, 200)
  assert.equal(answer.choices[0].message.content, 'Still here.')
  assert.deepEqual([asked[0], asked.at(-1)], [19121, 19122])
} finally {
  for (const one of vendors) one.close()
}
