import type { JsonObject } from '@konnect/contract'
import { describe, expect, it } from 'vitest'
import { answered, sentBody, translate } from '../../testing/exchange.ts'
import { stripForeign } from './foreign.ts'

const THOUGHTS: JsonObject[] = [
  { type: 'thinking', thinking: 'Hm', signature: 'sig' },
  { type: 'redacted_thinking', data: 'dark' },
]
const answer = { type: 'message', role: 'assistant', content: THOUGHTS, stop_reason: 'end_turn', usage: {} }
const hello = { role: 'user', content: 'Hello' }

/** The output of a translated answer, as a client sends it back. */
const output = answered(
  translate({ from: 'openai-responses', to: 'anthropic-messages', body: { input: 'Hi' } }),
  answer,
).output as JsonObject[]

describe('reasoning that comes back', () => {
  it('reaches the vendor of another dialect that sealed it just as it was', () => {
    const body = { input: [hello, ...output, hello] }
    const sent = sentBody(
      translate({ from: 'openai-responses', to: 'anthropic-messages', body, model: 'claude-sonnet-4-5' }),
    )
    expect((sent.messages as JsonObject[])[1]).toEqual({ role: 'assistant', content: THOUGHTS })
  })

  it('reaches no vendor of its own dialect, which could not decrypt it', () => {
    const own = { type: 'reasoning', id: 'rs_1', summary: [], encrypted_content: 'gAAAA' }
    const body = { input: [hello, ...output, own, hello], seed: 1 }
    const translation = translate({ from: 'openai-responses', to: 'openai-responses', body, model: 'm' })
    expect(sentBody(translation)).toEqual({ model: 'm', input: [hello, own, hello], seed: 1 })
    expect(translation.dropped).toEqual(['thinking_signature'])
  })

  it('is told apart where no vendor sealed it', () => {
    const chunk = { choices: [{ message: { content: 'So', reasoning_content: 'Hm' }, finish_reason: 'stop' }] }
    const translated = answered(
      translate({ from: 'openai-responses', to: 'openai-chat', body: { input: 'Hi' } }),
      chunk,
    )
    const body = Buffer.from(JSON.stringify({ model: 'm', input: translated.output ?? null }))
    expect(JSON.parse(stripForeign(body).toString()).input).toMatchObject([{ type: 'message' }])
  })

  it('changes not a byte where there is none', () => {
    const body = Buffer.from(
      '{"model":"m", "input":[{"type":"reasoning","encrypted_content":"gAAAA","n":12345678901234567890}]}',
    )
    expect(stripForeign(body)).toBe(body)
  })
})
