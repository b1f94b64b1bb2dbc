import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isRepeatable } from './retry-policy.ts'

describe('isRepeatable', () => {
  it('repeats everything that the upstream has not seen', () => {
    fc.assert(fc.property(fc.string(), fc.boolean(), (method, hasBody) => isRepeatable(method, false, hasBody)))
  })

  it.each(['GET', 'HEAD', 'OPTIONS', 'TRACE', 'PUT', 'DELETE'])(
    'repeats a sent %s unless its body is gone',
    (method) => {
      expect(isRepeatable(method, true, false)).toBe(true)
      expect(isRepeatable(method, true, true)).toBe(false)
    },
  )

  it.each(['POST', 'PATCH', 'CONNECT', 'get', '__proto__', ''])('never repeats a sent %j', (method) => {
    expect(isRepeatable(method, true, false)).toBe(false)
    expect(isRepeatable(method, true, true)).toBe(false)
  })
})
