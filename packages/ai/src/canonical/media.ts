import type { MediaSource } from './request.ts'

const DATA_URL = /^data:([^;,]*)((?:;[^;,]*)*),/i

/** The medium inside of a `data:` URL (RFC 2397), or `undefined` when it is another URL. */
export function parseDataUrl(url: string): MediaSource | undefined {
  const head = DATA_URL.exec(url.length > 256 ? url.slice(0, 256) : url)
  if (!head) return undefined
  const mediaType = (head[1] || 'text/plain').toLowerCase()
  const content = url.slice(head[0].length)
  if (/;base64$/i.test(head[2] ?? '')) return { kind: 'base64', mediaType, data: content }
  return { kind: 'base64', mediaType, data: Buffer.from(safeDecode(content)).toString('base64') }
}

/** A `data:` URL that holds the medium. */
export const dataUrlOf = (mediaType: string, data: string): string => `data:${mediaType};base64,${data}`

function safeDecode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
