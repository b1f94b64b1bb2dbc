// Plays three vendors, and asks as forty users of the application "versioned-chat", twice each.
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'

const saying = (content) => ({
  id: 'chatcmpl-1',
  object: 'chat.completion',
  created: 1_760_000_000,
  model: 'gpt-4o-mini',
  choices: [{ index: 0, message: { role: 'assistant', content }, finish_reason: 'stop' }],
  usage: { prompt_tokens: 9, completion_tokens: 3, total_tokens: 12 },
})

const vendors = [19131, 19132, 19133].map((port, at) =>
  createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(saying(`I am v${at + 1}.`)))
  }).listen(port, '127.0.0.1'),
)
const isShadowAsked = once(vendors[2], 'request')

const gateway = process.env.KONNECT_GATEWAY_URL ?? 'http://127.0.0.1:8000'

async function versionFor(model, user) {
  const response = await fetch(`${gateway}/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: 'Bearer kn_example_versions_0123456789', 'content-type': 'application/json' },
    body: JSON.stringify({ model, user, messages: [{ role: 'user', content: 'Who are you?' }] }),
  })
  const answer = await response.json()
  const version = response.headers.get('x-konnect-model-version')
  assert.equal(answer.choices[0].message.content, `I am ${version}.`)
  return version
}

try {
  const users = Array.from({ length: 40 }, (_, at) => `user-${at}`)
  const versions = await Promise.all(users.map((user) => versionFor('versioned-assistant', user)))
  assert.deepEqual(await Promise.all(users.map((user) => versionFor('versioned-assistant', user))), versions)
  assert.deepEqual([...new Set(versions)].sort(), ['v1', 'v2'])
  assert.equal(await versionFor('versioned-assistant@v2', 'user-0'), 'v2')
  await isShadowAsked
  console.log(versions.filter((version) => version === 'v2').length, 'of', users.length, 'users have v2')
} finally {
  for (const one of vendors) one.close()
}
