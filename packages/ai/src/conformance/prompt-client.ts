import OpenAI from 'openai'
import type { Seen } from './official-clients.ts'

/** What the official client gets to see of a completion. */
export interface SeenCompletion extends Seen {
  readonly finish: string | null | undefined
  readonly tokens: number | undefined
}

const PROMPT = { model: 'public', prompt: 'Hello' }

/** Asks `url` for a completion with OpenAI's client, with usage. Rejects as that client does. */
export async function askPrompt(url: string, isStream: boolean): Promise<SeenCompletion> {
  const client = new OpenAI({ baseURL: `${url}/v1`, apiKey: 'key', maxRetries: 0, timeout: 5000 })
  return isStream ? askChunks(client) : askWhole(client)
}

async function askWhole(client: OpenAI): Promise<SeenCompletion> {
  const { choices, usage } = await client.completions.create(PROMPT)
  const [choice] = choices
  return {
    text: choice?.text ?? '',
    reasoning: '',
    tools: [],
    finish: choice?.finish_reason,
    tokens: usage?.total_tokens,
  }
}

async function askChunks(client: OpenAI): Promise<SeenCompletion> {
  const stream = await client.completions.create({ ...PROMPT, stream: true, stream_options: { include_usage: true } })
  let seen: SeenCompletion = { text: '', reasoning: '', tools: [], finish: null, tokens: undefined }
  for await (const { choices, usage } of stream) {
    const [choice] = choices
    seen = {
      ...seen,
      text: seen.text + (choice?.text ?? ''),
      finish: choice?.finish_reason ?? seen.finish,
      tokens: usage?.total_tokens ?? seen.tokens,
    }
  }
  return seen
}
