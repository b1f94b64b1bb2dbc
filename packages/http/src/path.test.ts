import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { normalizePath } from './path.ts'

const piece = fc.constantFrom(
  'a',
  'B',
  '.',
  '..',
  '/',
  '//',
  '%2e',
  '%2E',
  '%2f',
  '%41',
  '%7e',
  '%20',
  '%25',
  '-',
  '~',
  ';',
  '%c3%a4',
)
const path = fc.array(piece, { maxLength: 12 }).map((pieces) => `/${pieces.join('')}`)

describe('normalizePath', () => {
  it.each([
    ['/', '/'],
    ['/a/b', '/a/b'],
    ['/a/./b', '/a/b'],
    ['/a/../b', '/b'],
    ['/a/%2e%2E/b', '/b'],
    ['/a/.%2e/b', '/b'],
    ['//a///b', '/a/b'],
    ['/a/', '/a/'],
    ['/a/.', '/a/'],
    ['/a/b/..', '/a/'],
    ['/a/..', '/'],
    ['/%61%2Db%7e', '/a-b~'],
    ['/%c3%a4', '/%C3%A4'],
    ['/a%2fb', '/a%2Fb'],
    ['/a%2f%2fb', '/a%2F%2Fb'],
    ['/%252e%252e/', '/%252e%252e/'],
    ['/.well-known/x', '/.well-known/x'],
    ['/a/...', '/a/...'],
    ['/a;b=c/d', '/a;b=c/d'],
  ])('%s is %s', (raw, normal) => {
    expect(normalizePath(raw)).toBe(normal)
  })

  it.each([
    '',
    'a',
    '*',
    '/..',
    '/a/../../b',
    '/%2e%2e/a',
    '/a\\b',
    '/%5C',
    '/%5c..',
    '/%00',
    '/%',
    '/%4',
    '/%zz',
    '/a%2f..',
    '/..%2fa',
    '/a/%2e%2e%2fb',
    '/a%2F.',
  ])('refuses %s', (raw) => {
    expect(normalizePath(raw)).toBeUndefined()
  })

  it('is its own normal form', () => {
    fc.assert(
      fc.property(path, (raw) => {
        const normal = normalizePath(raw)
        if (normal !== undefined) expect(normalizePath(normal)).toBe(normal)
      }),
    )
  })

  it('leaves nothing that a later decoding could read as a dot segment or a second slash', () => {
    fc.assert(
      fc.property(path, (raw) => {
        const normal = normalizePath(raw)
        if (normal === undefined) return
        expect(normal.startsWith('/')).toBe(true)
        expect(normal).not.toContain('//')
        const segments = normal.replaceAll('%2F', '/').split('/')
        expect(segments).not.toContain('.')
        expect(segments).not.toContain('..')
      }),
    )
  })

  it('resolves dot segments as the WHATWG URL parser does', () => {
    const plain = fc.array(fc.constantFrom('a', 'b', '.', '..', '%2e', '%2E%2e'), { minLength: 1, maxLength: 8 })
    fc.assert(
      fc.property(plain, (segments) => {
        const raw = `/${segments.join('/')}`
        const normal = normalizePath(raw)
        if (normal !== undefined) expect(normal).toBe(new URL(`http://h${raw}`).pathname)
      }),
    )
  })
})
