import { existsSync, readFileSync } from 'node:fs'
import type { JsonObject } from '@konnect/contract'
import type { DialectId } from '../ports.ts'

/** One recorded exchange with a vendor. */
export interface Recording {
  /** Position among all recordings, as the replay server counts. */
  readonly id: number
  readonly api: DialectId
  readonly stream: boolean
  readonly status: number
  readonly ctype: string
  readonly req: JsonObject | null
  readonly body: Buffer
}

const FILE = new URL('../../../../../shared/conformance/recordings.jsonl', import.meta.url)
const APIS = new Set<unknown>(['openai-chat', 'anthropic-messages', 'openai-responses', 'gemini'])

/** Why the recordings cannot be used, or `undefined` when they are there. */
export const missingRecordings: string | undefined = existsSync(FILE)
  ? undefined
  : 'the recordings are not beside this checkout (../shared/conformance)'

/** The recorded chat exchanges of the dialects that clients speak; none where the recordings are absent. */
export function loadRecordings(): readonly Recording[] {
  if (missingRecordings !== undefined) return []
  return readFileSync(FILE, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line))
    .filter((row) => row.method === 'POST' && row.status)
    .map((row, id) => ({ ...row, id, body: Buffer.from(row.body ?? '') }))
    .filter((row) => APIS.has(row.api) && !isLive(row.body))
}

// One recorded stream (rec-520) is of Google's Live API, another format that never says how it ends.
const isLive = (body: Buffer): boolean => body.includes('"setupComplete"')
