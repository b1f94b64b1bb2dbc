import { describe, expect, it } from 'vitest'
import { sentBody, translate } from '../../testing/exchange.ts'

const sent = (body: object) =>
  sentBody(translate({ from: 'anthropic-messages', to: 'openai-chat', body: JSON.stringify({ model: 'm', ...body }) }))
const messages = [{ role: 'user', content: 'Hello' }]

describe('a Messages request for another format', () => {
  it('keeps its limit of tokens', () => {
    expect(sent({ messages, max_tokens: 7 })).toMatchObject({ max_tokens: 7 })
  })

  it.each([{}, { max_tokens: 'many' }, { max_tokens: null }])(
    'is refused with %o, as the format demands a limit',
    (given) => {
      expect(() => sent({ messages, ...given })).toThrow(/invalid_request: "max_tokens"/)
    },
  )
})
