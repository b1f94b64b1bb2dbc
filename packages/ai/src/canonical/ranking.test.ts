import { describe, expect, it } from 'vitest'
import { type RerankRequest, settleRanking } from './ranking.ts'

const request: RerankRequest = {
  query: 'q',
  documents: ['a', 'b', 'c'].map((text) => ({ text, given: text })),
  returnsDocuments: false,
  readsData: false,
  losses: [],
}
const result = (index: number, score: number) => ({ index, score })

describe('settling a ranking', () => {
  it('puts the best first, though some servers keep the order of the documents', () => {
    const given = [result(0, -8.4), result(1, 0.2), result(2, 0.8)]
    expect(settleRanking({ results: given, usage: null }, request).results).toEqual([...given].reverse())
  })

  it('cuts off what was not asked for, where the vendor does not know the setting', () => {
    const given = [result(0, 0.1), result(1, 0.2), result(2, 0.3)]
    expect(settleRanking({ results: given, usage: null }, { ...request, topN: 1 }).results).toEqual([result(2, 0.3)])
  })

  it.each([
    ['nothing', []],
    ['a document that was not sent', [result(3, 1)]],
    ['no whole place', [result(0.5, 1)]],
    ['one document twice', [result(1, 0.4), result(1, 0.3)]],
  ])('refuses a ranking of %s', (_fault, results) => {
    expect(() => settleRanking({ results, usage: null }, request)).toThrow(
      expect.objectContaining({ code: 'upstream_invalid' }),
    )
  })
})
