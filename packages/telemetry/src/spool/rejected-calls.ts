import { appendFile, mkdir, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { decodeCall } from '@konnect/contract'

const MAX_BYTES = 16 * 1024 * 1024

/** Appends entries as lines of JSON for people to look into; a file of 16 MB takes no more. */
export async function setAside(path: string, entries: readonly object[]): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 })
  const size = (await stat(path).catch(() => undefined))?.size ?? 0
  const lines = entries.map((entry) => `${JSON.stringify(entry)}\n`)
  if (size < MAX_BYTES) await appendFile(path, lines.join(''), { mode: 0o600 })
}

/** A spooled call by the names of its properties, or as much of it as can be read. */
export function readableOf(record: Buffer): unknown {
  const text = record.toString('utf8')
  let written: unknown = text
  try {
    written = JSON.parse(text)
    return decodeCall(written)
  } catch {
    return written
  }
}
