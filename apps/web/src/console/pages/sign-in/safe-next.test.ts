import { describe, expect, it } from 'vitest'
import { safeNext } from './safe-next.ts'

describe('safeNext', () => {
  it('leads to a page of this console', () => expect(safeNext('/calls?kind=ai')).toBe('/calls?kind=ai'))

  it.each([undefined, '', 'https://evil.example', '//evil.example', '/\\evil.example', 'javascript:alert(1)'])(
    'leads nowhere else: %s',
    (next) => expect(safeNext(next)).toBe('/'),
  )
})
