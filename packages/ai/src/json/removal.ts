import type { MemberSpan } from './scan.ts'
import type { Edit } from './splice.ts'

const COMMA = 0x2c

/**
 * Edits that take members out of the object that ends at `close`, in order. A member leaves with the comma after it; at the
 * end of the object there is none, so the one before goes instead.
 */
export function removals(body: Buffer, members: readonly MemberSpan[], close: number): Edit[] {
  const edits: { start: number; end: number; text: string }[] = []
  for (const member of [...members].sort((a, b) => a.start - b.start)) {
    const next = skipSpace(body, member.end)
    const end = body[next] === COMMA ? skipSpace(body, next + 1) : next
    const previous = edits.at(-1)
    if (previous?.end === member.key.start) previous.end = end
    else edits.push({ start: member.key.start, end, text: '' })
  }
  const last = edits.at(-1)
  if (last?.end === close) last.start = beforeComma(body, last.start)
  return edits
}

function beforeComma(body: Buffer, start: number): number {
  let at = start - 1
  while (isSpace(body[at])) at--
  return body[at] === COMMA ? at : start
}

function skipSpace(body: Buffer, start: number): number {
  let at = start
  while (isSpace(body[at])) at++
  return at
}

const isSpace = (byte: number | undefined): boolean => byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09
