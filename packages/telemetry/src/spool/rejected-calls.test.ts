import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { encodeCall } from '@konnect/contract'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { testCall } from '../test-calls.ts'
import { readableOf, setAside } from './rejected-calls.ts'

let dir = ''

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'konnect-rejected-'))
})

afterEach(() => rmSync(dir, { recursive: true, force: true }))

describe('calls that were set aside', () => {
  it('are read by the names of their properties', () => {
    const call = testCall('call-1')
    expect(readableOf(Buffer.from(encodeCall(call)))).toEqual(call)
    expect(readableOf(Buffer.from(JSON.stringify(call)))).toEqual(call)
  })

  it('stay as they were written where they cannot be read', () => {
    expect(readableOf(Buffer.from('[99,"call-1"]'))).toEqual([99, 'call-1'])
    expect(readableOf(Buffer.from('[1,"call-1"'))).toBe('[1,"call-1"')
  })

  it('are kept in lines, up to a size', async () => {
    const path = join(dir, 'rejected', 'worker.ndjson')
    await setAside(path, [{ reason: 'a' }, { reason: 'b' }])
    await setAside(path, [{ reason: 'x'.repeat(16 * 1024 * 1024) }])
    await setAside(path, [{ reason: 'late' }])
    const lines = readFileSync(path, 'utf8').trim().split('\n')
    expect(lines.slice(0, 2)).toEqual(['{"reason":"a"}', '{"reason":"b"}'])
    expect(lines).toHaveLength(3)
  })
})
