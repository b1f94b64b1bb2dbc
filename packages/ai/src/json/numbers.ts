import { randomBytes } from 'node:crypto'

// Only this process knows the mark, so no text of a client can pass for a number.
const MARK = `number:${randomBytes(12).toString('hex')}:`
const LONG_NUMBER = /\d{16}/
const MARKED = new RegExp(`"${MARK}([^"]*)"`, 'g')

/**
 * `JSON.parse` that keeps numbers exactly which it would round: they come out as marked strings which
 * {@link stringifyExact} turns back into the same digits. Everything else parses as usual. Throws `SyntaxError`.
 */
export function parseExact(text: string): unknown {
  if (!LONG_NUMBER.test(text)) return JSON.parse(text)
  JSON.parse(text)
  return JSON.parse(markLongNumbers(text))
}

/** `JSON.stringify` that writes numbers marked by {@link parseExact} with their original digits. */
export function stringifyExact(value: unknown): string {
  const text = JSON.stringify(value)
  return text.includes(MARK) ? text.replace(MARKED, '$1') : text
}

function markLongNumbers(text: string): string {
  let result = ''
  let copied = 0
  let position = 0
  while (position < text.length) {
    const code = text.charCodeAt(position)
    if (code === 0x22) position = endOfString(text, position)
    else if (code === 0x2d || (code >= 0x30 && code <= 0x39)) {
      const end = endOfNumber(text, position)
      if (end - position >= 16 && isRounded(text.slice(position, end))) {
        result += `${text.slice(copied, position)}"${MARK}${text.slice(position, end)}"`
        copied = end
      }
      position = end
    } else position++
  }
  return result + text.slice(copied)
}

// A float such as 0.30000000000000004 is as long and still reads back as the same text.
const isRounded = (number: string): boolean => String(Number(number)) !== number

function endOfString(text: string, start: number): number {
  for (let i = start + 1; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (code === 0x5c) i++
    else if (code === 0x22) return i + 1
  }
  return text.length
}

function endOfNumber(text: string, start: number): number {
  let end = start + 1
  while (end < text.length && '0123456789.eE+-'.includes(text.charAt(end))) end++
  return end
}
