import type { Logger } from '@konnect/contract'
import { pino } from 'pino'

/** Structured log on standard error, so that standard output stays free for what a command prints. */
export function createLogger(level: string, part: string): Logger {
  return pino(
    { level, base: { part, pid: process.pid }, serializers: { error: pino.stdSerializers.err } },
    pino.destination({ dest: 2, sync: true }),
  )
}
