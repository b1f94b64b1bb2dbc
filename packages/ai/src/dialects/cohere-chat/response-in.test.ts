import { describe, expect, it } from 'vitest'
import { readResponse } from './response-in.ts'

const memo = { restoreToolName: (name: string) => name }
const answer = (message: object, finish_reason = 'COMPLETE') => ({ message, finish_reason })

describe('an answer of Cohere’s chat', () => {
  it('holds plan, thinking, text and calls in order; "null" is no arguments', () => {
    const tool_calls = [{ id: 'x', function: { name: 'a', arguments: 'null' } }]
    const content = [
      { type: 'thinking', thinking: 'hm' },
      { type: 'text', text: 'Hi' },
    ]
    expect(readResponse(answer({ tool_plan: 'Plan.', content, tool_calls }, 'TOOL_CALL'), memo)).toEqual({
      parts: [
        { type: 'reasoning', text: 'Plan.' },
        { type: 'reasoning', text: 'hm' },
        { type: 'text', text: 'Hi' },
        { type: 'tool_call', id: 'x', name: 'a', arguments: '' },
      ],
      finishReason: 'tool_calls',
      usage: null,
    })
  })

  it('counts tokens where nothing was billed', () => {
    const usage = { tokens: { input_tokens: 5, output_tokens: 1 }, cached_tokens: 4 }
    expect(readResponse({ ...answer({ content: 'Hi' }), usage }, memo).usage).toMatchObject({
      inputTokens: 5,
      outputTokens: 1,
      cachedInputTokens: 0,
    })
  })

  it('is an error when the model gave up, or when it is no chat answer', () => {
    const failing = (body: unknown) => () => readResponse(body, memo)
    expect(failing(answer({ content: [] }, 'TIMEOUT'))).toThrow(expect.objectContaining({ code: 'upstream_error' }))
    expect(failing({ embeddings: [] })).toThrow(expect.objectContaining({ code: 'upstream_invalid' }))
  })
})
