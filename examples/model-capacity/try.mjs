// Plays two vendors, and asks for the model "paced-assistant" twice at once and once with a tool.
import assert from 'node:assert/strict'
import { createServer } from 'node:http'

const completion = (content) => ({
  id: 'chatcmpl-1',
  object: 'chat.completion',
  created: 1_760_000_000,
  model: 'm',
  choices: [{ index: 0, message: { role: 'assistant', content }, finish_reason: 'stop' }],
  usage: { prompt_tokens: 9, completion_tokens: 3, total_tokens: 12 },
})

let underWay = 0
let most = 0
const vendor = (port, name) =>
  createServer((_request, response) => {
    most = Math.max(most, name === 'small' ? ++underWay : 0)
    setTimeout(() => {
      if (name === 'small') underWay--
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(completion(name)))
    }, 100)
  }).listen(port, '127.0.0.1')

const vendors = [vendor(19141, 'small'), vendor(19142, 'agents')]
const gateway = process.env.KONNECT_GATEWAY_URL ?? 'http://127.0.0.1:8000'

async function ask(extra = {}) {
  const response = await fetch(`${gateway}/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: 'Bearer kn_example_capacity_0123456789', 'content-type': 'application/json' },
    body: JSON.stringify({ model: 'paced-assistant', messages: [{ role: 'user', content: 'Hi' }], ...extra }),
  })
  return (await response.json()).choices?.[0]?.message.content ?? response.status
}

try {
  const tools = [{ type: 'function', function: { name: 'clock', parameters: { type: 'object', properties: {} } } }]
  const answers = await Promise.all([ask(), ask(), ask({ tools })])
  console.log(answers, 'at once at the small one:', most)
  assert.deepEqual(answers, ['small', 'small', 'agents'])
  assert.equal(most, 1)
} finally {
  for (const one of vendors) one.close()
}
