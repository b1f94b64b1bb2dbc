/** What an example needs to know. */
export interface SnippetFacts {
  /** Where applications reach the gateway, without a trailing slash. */
  readonly gatewayUrl: string
  /** The key's value, or undefined to read it from the environment. */
  readonly keyValue: string | undefined
  readonly path: string
  readonly model: string
}

const keyInShell = (facts: SnippetFacts): string => facts.keyValue ?? '$KONNECT_KEY'

/** A REST call as one line of curl. */
export const restCurl = (facts: SnippetFacts): string =>
  `curl "${facts.gatewayUrl}${facts.path}" -H "X-Api-Key: ${keyInShell(facts)}"`

/** A REST call with fetch. */
export const restFetch = (facts: SnippetFacts): string =>
  `const response = await fetch('${facts.gatewayUrl}${facts.path}', {
  headers: { 'X-Api-Key': ${keyInScript(facts)} },
})
console.log(response.status, await response.text())`

const keyInScript = (facts: SnippetFacts): string =>
  facts.keyValue === undefined ? 'process.env.KONNECT_KEY' : `'${facts.keyValue}'`

const bodyOf = (facts: SnippetFacts): string =>
  JSON.stringify({ model: facts.model, messages: [{ role: 'user', content: 'Say hello.' }] })

/** A chat call as curl. */
export const chatCurl = (facts: SnippetFacts): string =>
  `curl "${facts.gatewayUrl}/v1/chat/completions" \\
  -H "Authorization: Bearer ${keyInShell(facts)}" \\
  -H "Content-Type: application/json" \\
  -d '${bodyOf(facts)}'`

/** A streamed chat call with the official OpenAI SDK for JavaScript. */
export const openAiScript = (facts: SnippetFacts): string =>
  `import OpenAI from 'openai'

const client = new OpenAI({
  baseURL: '${facts.gatewayUrl}/v1',
  apiKey: ${keyInScript(facts)},
})
const stream = await client.chat.completions.create({
  model: '${facts.model}',
  messages: [{ role: 'user', content: 'Say hello.' }],
  stream: true,
})
for await (const chunk of stream) process.stdout.write(chunk.choices[0]?.delta?.content ?? '')`

/** A chat call with the official OpenAI SDK for Python. */
export const openAiPython = (facts: SnippetFacts): string =>
  `${facts.keyValue === undefined ? 'import os\n' : ''}from openai import OpenAI

client = OpenAI(
    base_url="${facts.gatewayUrl}/v1",
    api_key=${facts.keyValue === undefined ? 'os.environ["KONNECT_KEY"]' : `"${facts.keyValue}"`},
)
answer = client.chat.completions.create(
    model="${facts.model}",
    messages=[{"role": "user", "content": "Say hello."}],
)
print(answer.choices[0].message.content)`

/** A chat call with the official Anthropic SDK for JavaScript, to the same model. */
export const anthropicScript = (facts: SnippetFacts): string =>
  `import Anthropic from '@anthropic-ai/sdk'

const client = new Anthropic({
  baseURL: '${facts.gatewayUrl}',
  apiKey: ${keyInScript(facts)},
})
const message = await client.messages.create({
  model: '${facts.model}',
  max_tokens: 256,
  messages: [{ role: 'user', content: 'Say hello.' }],
})
console.log(message.content)`

/** A path that a route answers: its first one, with something in place of what varies. */
export const samplePath = (paths: readonly string[]): string => (paths[0] ?? '/').replace(/\{[^}]+\}/g, '1')
