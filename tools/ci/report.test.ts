import { describe, expect, it } from 'vitest'
// @ts-expect-error plain JavaScript, because it runs where nothing is built
import { countTests } from './report.mjs'

const file = (status: string, ...tests: readonly (readonly [string, string])[]) => ({
  name: 'a.test.ts',
  status,
  message: '',
  assertionResults: tests.map(([fullName, state]) => ({ fullName, status: state })),
})

describe('the count of tests', () => {
  it('takes pending and todo for skipped', () => {
    const report = { testResults: [file('passed', ['a', 'passed'], ['b', 'pending'], ['c', 'todo'], ['d', 'skipped'])] }
    expect(countTests(report, false)).toMatchObject({ passed: 1, failed: 0, skipped: 3 })
  })

  it('takes a file that did not load for one failure', () => {
    const report = { testResults: [file('failed'), file('failed', ['a', 'failed'], ['b', 'passed'])] }
    expect(countTests(report, false)).toMatchObject({ passed: 1, failed: 2, skipped: 0 })
  })

  it('takes a skipped suite of a service for a failure, but only where services are required', () => {
    const report = { testResults: [file('passed', ['state on Redis keeps a limit', 'skipped'])] }
    expect(countTests(report, false)).toMatchObject({ failed: 0, skipped: 1 })
    expect(countTests(report, true)).toMatchObject({ failed: 1, skipped: 0 })
  })
})
