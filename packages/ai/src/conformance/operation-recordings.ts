import { readFileSync } from 'node:fs'
import type { DialectId } from '../ports.ts'
import { missingRecordings, type Recording } from './recordings.ts'

const FILE = new URL('../../../../../shared/conformance/recordings.jsonl', import.meta.url)

/** The recorded exchanges of one API, which the recordings name as its dialect is called; none where they are absent. */
export function loadRecordingsOf(api: DialectId): readonly Recording[] {
  if (missingRecordings !== undefined) return []
  return readFileSync(FILE, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line))
    .filter((row) => row.method === 'POST' && row.status)
    .map((row, id) => ({ ...row, id, body: Buffer.from(row.body ?? '') }))
    .filter((row) => row.api === api)
}
