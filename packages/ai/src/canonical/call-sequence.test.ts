import { describe, expect, it } from 'vitest'
import { type AnswerEvent, CallSequence } from './call-sequence.ts'

const start = (tool: number): AnswerEvent => ({ type: 'tool_start', tool, id: `id_${tool}`, name: 'f' })
const argument = (tool: number, text: string): AnswerEvent => ({ type: 'tool_arguments', tool, text })
const end = (tool: number): AnswerEvent => ({ type: 'tool_end', tool })
const text = (said: string): AnswerEvent => ({ type: 'text', text: said })
const finish: AnswerEvent = { type: 'finish', reason: 'tool_calls' }

/** What comes out at each event. */
function steps(...events: readonly AnswerEvent[]): AnswerEvent[][] {
  const sequence = new CallSequence()
  return events.map((event) => sequence.take(event))
}

describe('a sequence of calls', () => {
  it('lets what comes one after another pass at once', () => {
    const events = [text('a'), start(0), argument(0, '{'), argument(0, '}'), end(0), text('b'), finish]
    expect(steps(...events)).toEqual(events.map((event) => [event]))
  })

  it('ends a call whose arguments are complete when the next one starts', () => {
    expect(steps(start(0), argument(0, '{}'), start(1))).toEqual([[start(0)], [argument(0, '{}')], [end(0), start(1)]])
  })

  it('holds a call back until the one before is complete, and then streams it', () => {
    expect(
      steps(start(0), argument(0, '{'), start(1), argument(1, '{"a"'), argument(0, '}'), argument(1, ':1}')),
    ).toEqual([
      [start(0)],
      [argument(0, '{')],
      [],
      [],
      [argument(0, '}'), end(0), start(1), argument(1, '{"a"')],
      [argument(1, ':1}')],
    ])
  })

  it('holds back what is said while a call is open', () => {
    expect(steps(start(0), argument(0, '['), text('a'), text('b'), argument(0, ']'))).toEqual([
      [start(0)],
      [argument(0, '[')],
      [],
      [],
      [argument(0, ']'), end(0), text('a'), text('b')],
    ])
  })

  it('lets everything go at the finish, in order, and leaves the last call for it to end', () => {
    expect(steps(start(0), start(1), argument(1, '{"a'), argument(0, '{'), finish).at(-1)).toEqual([
      end(0),
      start(1),
      argument(1, '{"a'),
      finish,
    ])
  })

  it('ignores arguments of a call that never began or has ended', () => {
    expect(steps(argument(3, '{}'), start(0), end(0), argument(0, '{}'))).toEqual([[], [start(0)], [end(0)], []])
  })
})
