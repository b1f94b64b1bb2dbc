import { describe, expect, it } from 'vitest'
import { EXEMPTIONS, withoutExempt } from './exemptions.ts'
import { linesOf, MAX_FILE_LINES, MAX_FUNCTION_LINES, MAX_TEST_FILE_LINES, measureFunctions, quantile } from './size.ts'
import { parseProject } from './sources.ts'
import { parse } from './syntax.ts'
import { isTest } from './tree.ts'

const files = parseProject()
const functions = files.flatMap(measureFunctions)

describe('sizes', () => {
  it(`no file is longer than ${MAX_FILE_LINES} lines (tests: ${MAX_TEST_FILE_LINES}) without a reason`, () => {
    const mostOf = (path: string) => (isTest(path) ? MAX_TEST_FILE_LINES : MAX_FILE_LINES)
    const long = files.filter(({ path, text }) => linesOf(text) > mostOf(path)).map(({ path }) => path)
    expect(withoutExempt(long, (path) => path, EXEMPTIONS.longFiles)).toEqual({ open: [], stale: [] })
  })

  it(`no function is longer than ${MAX_FUNCTION_LINES} lines without a reason`, () => {
    const long = functions.filter(({ lines }) => lines > MAX_FUNCTION_LINES)
    expect(withoutExempt(long, ({ key }) => key, EXEMPTIONS.longFunctions)).toEqual({ open: [], stale: [] })
  })

  it('are reported', () => {
    const lengths = functions.map(({ lines }) => lines)
    const total = (isWanted: (path: string) => boolean) =>
      files.filter(({ path }) => isWanted(path)).reduce((sum, { text }) => sum + linesOf(text), 0)
    console.log(
      `${files.length} files: ${total((path) => !isTest(path))} lines of source, ${total(isTest)} of tests and tools; ` +
        `${lengths.length} functions: median ${quantile(lengths, 0.5)} lines, p90 ${quantile(lengths, 0.9)}, longest ${quantile(lengths, 1)}`,
    )
    expect(quantile(lengths, 0.5)).toBeLessThanOrEqual(14)
    expect(quantile(lengths, 0.9)).toBeLessThanOrEqual(60)
  })
})

describe('the measure', () => {
  it('counts lines as an editor shows them', () => {
    expect([linesOf('a\nb\n'), linesOf('a\nb'), linesOf('')]).toEqual([2, 2, 1])
  })

  it('names functions however they are written, and leaves out lists of tests', () => {
    const text =
      'function a() {\n}\nconst b = () =>\n  1\nclass C { d() {} }\ndescribe("x", () => {\n\n\n})\nfunction suite() {\n  describe("y", () => {})\n}\n'
    const measured = measureFunctions(parse('x.ts', text))
    expect(measured).toEqual([
      { key: 'x.ts#a', lines: 2 },
      { key: 'x.ts#b', lines: 2 },
      { key: 'x.ts#d', lines: 1 },
    ])
  })

  it('takes quantiles of a sample', () => {
    expect([quantile([], 0.5), quantile([3, 1, 2], 0.5), quantile([1, 2, 3], 1)]).toEqual([0, 2, 3])
  })
})
