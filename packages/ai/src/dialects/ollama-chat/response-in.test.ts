import { describe, expect, it } from 'vitest'
import { readResponse } from './response-in.ts'

const memo = { restoreToolName: (name: string) => name }
const failing = (body: unknown) => () => readResponse(body, memo)

describe('an answer of Ollama’s chat', () => {
  it('holds thinking, text and calls, with the counts of the server', () => {
    const tool_calls = [{ id: 'x', function: { name: 'a', arguments: { n: 1 } } }]
    const message = { role: 'assistant', thinking: 'hm', content: 'Hi', tool_calls }
    expect(readResponse({ message, done: true, done_reason: 'stop', eval_count: 3 }, memo)).toMatchObject({
      parts: [
        { type: 'reasoning', text: 'hm' },
        { type: 'text', text: 'Hi' },
        { type: 'tool_call', id: 'x', name: 'a', arguments: '{"n":1}' },
      ],
      finishReason: 'tool_calls',
      usage: { inputTokens: 0, outputTokens: 3 },
    })
  })

  it('gives calls of older servers an id that no other call has', () => {
    const call = { function: { name: 'a', arguments: {} } }
    const { parts } = readResponse({ message: { tool_calls: [call, call] }, done: true }, memo)
    const ids = parts.map((part) => part.type === 'tool_call' && part.id)
    expect(new Set(ids).size).toBe(2)
    expect(ids.every((id) => typeof id === 'string' && /^call_[\w-]+$/.test(id))).toBe(true)
  })

  it('is the vendor’s error when it holds one, and invalid without a message', () => {
    expect(failing({ error: 'out of memory' })).toThrow(expect.objectContaining({ detail: 'out of memory' }))
    expect(failing({ done: true })).toThrow(expect.objectContaining({ code: 'upstream_invalid' }))
  })
})
