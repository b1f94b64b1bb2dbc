import { describe, expect, it } from 'vitest'
import { EXEMPTIONS, withoutExempt } from './exemptions.ts'
import { sleeps, unassertedTests } from './proofs.ts'
import { parseProject } from './sources.ts'
import { parse } from './syntax.ts'
import { isTest } from './tree.ts'

const files = parseProject().filter(({ path }) => isTest(path))

describe('tests', () => {
  it('each assert something', () => {
    const found = files.flatMap(unassertedTests)
    expect(withoutExempt(found, ({ key }) => key, EXEMPTIONS.unasserted)).toEqual({ open: [], stale: [] })
  })

  it('wait for events, not for time', () => {
    const found = files
      .filter(({ path }) => !/^(bench|tools)\//.test(path) || path.endsWith('.test.ts'))
      .flatMap(sleeps)
    expect(withoutExempt(found, ({ key }) => key, EXEMPTIONS.sleeps)).toEqual({ open: [], stale: [] })
  })
})

describe('the rules on tests', () => {
  const unasserted = (text: string) => unassertedTests(parse('a.test.ts', text)).map(({ key }) => key)
  const slept = (text: string) => sleeps(parse('a.test.ts', text)).length

  it('find a test that cannot fail', () => {
    expect(unasserted("it('runs', () => { run() })")).toEqual(['a.test.ts#runs'])
    expect(unasserted("test.each([1])('runs', async () => { await run() })")).toEqual(['a.test.ts#runs'])
  })

  it('see assertions in functions that the test calls, and by their names', () => {
    expect(unasserted("const same = (a) => { expect(a).toBe(1) }\nit('a', () => same(1))")).toEqual([])
    expect(unasserted("it('a', () => fc.assert(fc.property()))")).toEqual([])
    expect(unasserted("it('a', async () => { await expect(run()).rejects.toThrow() })")).toEqual([])
    expect(unasserted("it('a', () => expectRefusal(run))")).toEqual([])
    expect(unasserted("const a = () => b()\nconst b = () => a()\nit('x', () => a())")).toHaveLength(1)
  })

  it('find sleeps, and leave other timers alone', () => {
    expect(slept('await new Promise((resolve) => setTimeout(resolve, 50))')).toBe(1)
    expect(slept("import { setTimeout } from 'node:timers/promises'")).toBe(1)
    expect(slept('const timer = setTimeout(() => controller.abort(), 50)')).toBe(0)
    expect(slept('new Promise((resolve, reject) => setTimeout(() => reject(new Error()), 50))')).toBe(0)
  })
})
