import { describe, expect, it } from 'vitest'
import { assertPlain, currentDateLine, fieldLines, requestLine, statusLine } from './message-writer.ts'

describe('message writer', () => {
  it('knows the reasons of statuses, and refuses what is no status', () => {
    expect(statusLine(404)).toBe('HTTP/1.1 404 Not Found\r\n')
    expect(statusLine(599)).toBe('HTTP/1.1 599 \r\n')
    for (const status of [0, 99, 1000, 200.5, Number.NaN]) expect(() => statusLine(status)).toThrow('internal_error')
  })

  it('accepts lines of plain characters', () => {
    const head = `${statusLine(200)}${fieldLines(['a', '1', 'b', 'ä\t'])}\r\n`
    expect(head).toBe('HTTP/1.1 200 OK\r\na: 1\r\nb: ä\t\r\n\r\n')
    expect(() => assertPlain(head)).not.toThrow()
  })

  it.each(['a\r\nb: c', 'a\nb', 'a\rb', '\u010a', '\ud83d\ude00', '\0', '\x7f', '\x1b'])(
    'refuses the value %j',
    (value) => {
      expect(() => assertPlain(`${fieldLines(['x', value])}\r\n`)).toThrow('internal_error')
      expect(() => assertPlain(`${fieldLines([value, 'x'])}\r\n`)).toThrow('internal_error')
    },
  )

  it('refuses a method or target that would bring a line or a version of its own', () => {
    expect(requestLine('GET', '/a?b')).toBe('GET /a?b HTTP/1.1\r\n')
    for (const target of ['', '/ a', '/\r\n', '/\u010a', '/ä']) expect(() => requestLine('GET', target)).toThrow()
    for (const method of ['', 'G T', 'G\r\n']) expect(() => requestLine(method, '/')).toThrow()
  })

  it('formats the date as HTTP wants it', () => {
    expect(currentDateLine()).toMatch(/^date: \w{3}, \d{2} \w{3} \d{4} \d{2}:\d{2}:\d{2} GMT\r\n$/)
  })
})
