import { waitFor } from '@konnect/testkit'
import OpenAI from 'openai'
import type { Konnect } from '../../harness.ts'

/** Sends a REST call with an application's key, and reads the answer. */
export async function sendRestCall(konnect: Konnect, path: string, key: string): Promise<number> {
  const answer = await fetch(`${konnect.gatewayUrl}${path}`, { headers: { 'x-api-key': key } })
  await answer.text()
  return answer.status
}

/** Sends a streamed chat call with the official OpenAI client, and returns the text. */
export async function sendChatCall(konnect: Konnect, model: string, key: string): Promise<string> {
  const client = new OpenAI({ baseURL: `${konnect.gatewayUrl}/v1`, apiKey: key, maxRetries: 0 })
  const stream = await client.chat.completions.create({
    model,
    messages: [{ role: 'user', content: 'Say hello.' }],
    stream: true,
  })
  let text = ''
  for await (const chunk of stream) text += chunk.choices[0]?.delta.content ?? ''
  return text
}

/** Waits until the control plane holds at least this many calls. */
export const callsArrived = (konnect: Konnect, count: number): Promise<unknown> =>
  waitFor(
    'the records of the calls',
    async () => (await konnect.client.calls.list({ limit: 50 })).items.length >= count,
  )
