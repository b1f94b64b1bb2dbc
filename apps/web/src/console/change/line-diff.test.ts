import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { foldUnchanged, lineDiff } from './line-diff.ts'

const text = (lines: readonly string[]) => lines.join('\n')
const marked = (before: string, after: string) => lineDiff(before, after).map((line) => `${line.mark}${line.text}`)

describe('lineDiff', () => {
  it('shows a changed line as removed, then added', () => {
    expect(marked('a\nlimit: 50\nz', 'a\nlimit: 100\nz')).toEqual([' a', '-limit: 50', '+limit: 100', ' z'])
  })

  it('shows a new text as all added and a removed one as all removed', () => {
    expect(marked('', 'a\nb\n')).toEqual(['+a', '+b'])
    expect(marked('a\nb\n', '')).toEqual(['-a', '-b'])
  })

  it('gives both texts back whatever they hold', () => {
    const lines = fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { minLength: 1, maxLength: 12 })
    fc.assert(
      fc.property(lines, lines, (before, after) => {
        const diff = lineDiff(text(before), text(after))
        expect(diff.filter((line) => line.mark !== '+').map((line) => line.text)).toEqual(before)
        expect(diff.filter((line) => line.mark !== '-').map((line) => line.text)).toEqual(after)
      }),
    )
  })
})

describe('foldUnchanged', () => {
  it('keeps the neighbours of a change and counts the rest', () => {
    const before = Array.from({ length: 9 }, (_, line) => `line ${line}`)
    const after = before.with(4, 'changed')
    const shown = foldUnchanged(lineDiff(text(before), text(after)), 1)
    expect(shown.map((line) => (line.mark === '…' ? line.count : `${line.mark}${line.text}`))).toEqual([
      3,
      ' line 3',
      '-line 4',
      '+changed',
      ' line 5',
      3,
    ])
  })
})
