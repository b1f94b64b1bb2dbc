import { readFileSync } from 'node:fs'
import type { DialectId } from '../ports.ts'
import { missingRecordings, type Recording } from './recordings.ts'

const FILE = new URL('../../../../../shared/conformance/recordings.jsonl', import.meta.url)

interface Row extends Recording {
  readonly path: string
}

/** The recorded exchanges of one API, which the recordings name as its dialect is called; none where they are absent. */
export const loadRecordingsOf = (api: DialectId): readonly Recording[] => load((row) => row.api === api)

/** The recorded exchanges at one path of a vendor; none where they are absent. */
export const loadRecordingsAt = (path: string): readonly Recording[] => load((row) => row.path === path)

function load(isWanted: (row: Row) => boolean): readonly Recording[] {
  if (missingRecordings !== undefined) return []
  return readFileSync(FILE, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line))
    .filter((row) => row.method === 'POST' && row.status)
    .map((row, id): Row => ({ ...row, id, body: Buffer.from(row.body ?? '') }))
    .filter(isWanted)
}
