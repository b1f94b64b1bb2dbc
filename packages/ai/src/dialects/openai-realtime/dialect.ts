import { readError, writeError } from '../../openai/errors.ts'
import type { SessionDialect } from '../session-dialect.ts'
import { RealtimeWatch } from './session-watch.ts'

const ID = 'openai-realtime'

/** OpenAI's Realtime API over WebSocket: events in JSON both ways, text and sound. */
export const openaiRealtime: SessionDialect = {
  id: ID,
  operation: 'realtime',
  endpoints: [{ dialect: ID, method: 'GET', path: '/v1/realtime', isSession: true }],
  vendorPath: '/realtime',
  errorIn: readError,
  errorOut: writeError,
  watch: (onUsage) => new RealtimeWatch(onUsage),
}
