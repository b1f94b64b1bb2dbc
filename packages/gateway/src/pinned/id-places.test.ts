import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compilePlaces, findStrings } from './id-places.ts'

const places = compilePlaces({
  previous_response_id: 'response',
  'input.*.content.*.file_id': 'file',
  'input.*.file_id': 'file',
  'tools.*.container.file_ids.*': 'file',
})

const found = (text: string) => {
  const bytes = Buffer.from(text)
  return findStrings(bytes, places).map(({ kind, value, start, end }) => {
    expect(JSON.parse(bytes.toString('utf8', start, end))).toBe(value)
    return `${kind} ${value}`
  })
}

describe('places of ids', () => {
  it('are found at their paths only', () => {
    const body = {
      previous_response_id: 'resp_1',
      metadata: { file_id: 'no', previous_response_id: 'no' },
      input: [
        { type: 'message', content: [{ type: 'input_file', file_id: 'file-1' }, { file_id: { file_id: 'no' } }] },
        { type: 'function_call_output', output: '{"file_id":"no"}', file_id: 'file-2' },
        'file_id',
      ],
      tools: [{ container: { type: 'auto', file_ids: ['file-3', 'file-4', 5] } }, { parameters: { file_ids: ['no'] } }],
      file_id: 'no',
    }
    const expected = ['response resp_1', 'file file-1', 'file file-2', 'file file-3', 'file file-4']
    expect(found(JSON.stringify(body))).toEqual(expected)
    expect(found(JSON.stringify(body, null, 2))).toEqual(expected)
    expect(found(`\uFEFF${JSON.stringify(body)}`)).toEqual(expected)
  })

  it('are found under escaped and repeated keys, and with escaped values', () => {
    expect(found('{"previous\\u005fresponse_id":"a\\u0062\\"","previous_response_id":"raw"}')).toEqual([
      'response ab"',
      'response raw',
    ])
  })

  it('are none in texts, numbers, null and what is no object', () => {
    for (const text of [
      '{}',
      '[]',
      '"x"',
      '',
      '7',
      '{"input":"file_id","previous_response_id":null}',
      '{"input":[]}',
    ]) {
      expect(found(text), text).toEqual([])
    }
  })

  it('of any JSON are those that its values say', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.string(), (other, id) => {
        const text = JSON.stringify({ other, input: [other, { content: [other, { file_id: id }] }], last: other })
        const values = findStrings(Buffer.from(text), places).map(({ value }) => value)
        expect(values).toContain(id)
      }),
    )
  })

  it('come to an end for every text, JSON or not', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'{}[]":,\\ae1 \n') }), (text) => {
        const bytes = Buffer.from(`{"input":[${text}`)
        for (const { end } of findStrings(bytes, places)) expect(end).toBeLessThanOrEqual(bytes.length)
      }),
      { numRuns: 2000 },
    )
  })
})
