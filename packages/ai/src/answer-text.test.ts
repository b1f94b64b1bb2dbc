import { describe, expect, it } from 'vitest'
import { answerText } from './answer-text.ts'

const event = (delta: object) => `data: ${JSON.stringify({ choices: [{ index: 0, delta, finish_reason: null }] })}\n\n`
const toolDelta = (index: number, part: object) => event({ tool_calls: [{ index, ...part }] })
const started = (index: number, name: string) =>
  toolDelta(index, { id: `c${index}`, function: { name, arguments: '' } })
const given = (index: number, text: string) => toolDelta(index, { function: { arguments: text } })

const read = (dialect: string, body: object | string) => {
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  const type = typeof body === 'string' ? 'text/event-stream; charset=utf-8' : 'application/json'
  return answerText(dialect, type, Buffer.from(text))
}

describe('answerText', () => {
  it('reads the text of a whole answer in each format', () => {
    expect(read('openai-chat', { choices: [{ index: 0, message: { content: 'Hé' }, finish_reason: 'stop' }] })).toBe(
      'Hé',
    )
    const blocks = [
      { type: 'thinking', thinking: 'hm', signature: 's' },
      { type: 'text', text: 'Hé' },
    ]
    expect(read('anthropic-messages', { type: 'message', content: blocks, stop_reason: 'end_turn' })).toBe('Hé')
    const candidates = [{ content: { parts: [{ text: 'Hé' }] }, finishReason: 'STOP' }]
    expect(read('gemini', { candidates })).toBe('Hé')
  })

  it('shows tool calls with their arguments', () => {
    const calls = [{ id: 'c', type: 'function', function: { name: 'find', arguments: '{"a":1}' } }]
    const message = { content: 'Let me see.', tool_calls: calls }
    expect(read('openai-chat', { choices: [{ index: 0, message, finish_reason: 'tool_calls' }] })).toBe(
      'Let me see.\nfind({"a":1})\n',
    )
  })

  it('puts together a stream, and what came of one that was cut off', () => {
    const stream = event({ content: 'H' }) + event({ content: 'é' })
    expect(read('openai-chat', `${stream}data: [DONE]\n\n`)).toBe('Hé')
    expect(read('openai-chat', `${stream}data: {"choi`)).toBe('Hé')
  })

  it('keeps the arguments of tools apart whose parts interleave', () => {
    const stream =
      started(0, 'a') + started(1, 'b') + given(0, '{"x"') + given(1, '{"y"') + given(0, ':1}') + given(1, ':2}')
    expect(read('openai-chat', stream)).toBe('\na({"x":1})\n\nb({"y":2})\n')
  })

  it('gives nothing for errors, broken answers and other formats', () => {
    expect(read('openai-chat', { error: { message: 'no' } })).toBeUndefined()
    expect(answerText('openai-chat', 'application/json', Buffer.from('{"choices":'))).toBeUndefined()
    expect(read('openai-embeddings', { data: [] })).toBeUndefined()
  })
})
