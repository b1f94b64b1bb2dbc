import type { StreamEvent } from '../framing/framing.ts'

const BYTE_ORDER_MARK = 0xfeff

/** Decodes the text of one event (WHATWG HTML §9.2.6): comments and unknown fields are left out. Data lines are joined by LF. */
export function parseEvent(text: string): StreamEvent {
  let name = ''
  let data: string | null = null
  let start = text.charCodeAt(0) === BYTE_ORDER_MARK ? 1 : 0
  while (start < text.length) {
    let end = start
    while (end < text.length && text.charCodeAt(end) !== 0x0a && text.charCodeAt(end) !== 0x0d) end++
    const colon = text.indexOf(':', start)
    const fieldEnd = colon < 0 || colon > end ? end : colon
    const valueStart = Math.min(end, fieldEnd + (text.charCodeAt(fieldEnd + 1) === 0x20 ? 2 : 1))
    const field = text.slice(start, fieldEnd)
    if (field === 'data') data = data === null ? text.slice(valueStart, end) : `${data}\n${text.slice(valueStart, end)}`
    else if (field === 'event') name = text.slice(valueStart, end)
    start = end + 1
  }
  return { name, data }
}

/** True when bytes without their last blank line still hold an entire event, and not the first half of one. */
export function isWholeEvent(bytes: Buffer): boolean {
  const { name, data } = parseEvent(bytes.toString())
  if (data === null) return name === ''
  if (data.trim() === '[DONE]') return true
  try {
    JSON.parse(data)
    return true
  } catch {
    return false
  }
}
