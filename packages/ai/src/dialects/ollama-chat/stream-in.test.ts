import type { JsonObject } from '@konnect/contract'
import { describe, expect, it } from 'vitest'
import { eventsIn, openStream, pump } from '../../testing/exchange.ts'

const lines = (...values: readonly JsonObject[]): string => values.map((value) => `${JSON.stringify(value)}\n`).join('')
const said = (message: JsonObject): JsonObject => ({
  model: 'm',
  message: { role: 'assistant', ...message },
  done: false,
})
const done = { ...said({ content: '' }), done: true, done_reason: 'stop', prompt_eval_count: 5, eval_count: 3 }

/** The deltas that a client of chat completions gets, joined by key. */
function relayed(text: string) {
  const stream = openStream('openai-chat', 'ollama-chat')
  const events = eventsIn(pump(stream, text)) as { choices?: { delta: JsonObject; finish_reason: string | null }[] }[]
  const choices = events.flatMap((event) => event.choices ?? [])
  return {
    deltas: choices.map(({ delta }) => delta),
    finish: choices.at(-1)?.finish_reason,
    facts: stream.facts,
    events,
  }
}

describe('a stream of Ollama’s chat', () => {
  it('gives thinking and text in pieces, usage and a terminator', () => {
    const { deltas, finish, facts, events } = relayed(
      lines(said({ content: '', thinking: 'hm' }), said({ content: 'H' }), said({ content: 'i' }), done),
    )
    expect(deltas.slice(1, 4)).toEqual([{ reasoning_content: 'hm' }, { content: 'H' }, { content: 'i' }])
    expect(finish).toBe('stop')
    expect(facts).toMatchObject({ isComplete: true, usage: { inputTokens: 5, outputTokens: 3 } })
    expect(events.at(-1)).toBe('[DONE]')
  })

  it('gives every call a place, its arguments as text and an id of its own, and says that tools are called', () => {
    const call = (name: string, input: JsonObject) => ({ function: { name, arguments: input } })
    const { deltas, finish } = relayed(
      lines(said({ content: '', tool_calls: [call('a', {}), call('b', { n: 1 })] }), done),
    )
    const calls = deltas.flatMap(({ tool_calls }) => (tool_calls ?? []) as JsonObject[])
    expect(calls.map(({ index }) => index)).toEqual([0, 0, 1, 1])
    expect(calls.map((one) => (one.function as JsonObject).arguments)).toEqual(['', '{}', '', '{"n":1}'])
    expect(new Set(calls.flatMap(({ id }) => id ?? [])).size).toBe(2)
    expect(finish).toBe('tool_calls')
  })

  it('ends with the vendor’s error when a line holds one', () => {
    const { facts, events } = relayed(lines(said({ content: 'H' }), { error: 'model runner has stopped' }))
    expect(facts.error).toMatchObject({ code: 'upstream_error', detail: 'model runner has stopped' })
    expect(events.at(-1)).toMatchObject({ error: { message: 'model runner has stopped' } })
  })

  it('is truncated without its last line', () => {
    expect(relayed(lines(said({ content: 'H' }))).facts.isComplete).toBe(false)
  })
})
