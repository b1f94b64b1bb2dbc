import { ndjsonFraming } from '../../framing/ndjson.ts'
import type { VendorDialect } from '../dialect.ts'
import { readError } from './errors.ts'
import { LOSSES } from './losses.ts'
import { writeRequest } from './request-out.ts'
import { readResponse } from './response-in.ts'
import { LineReader } from './stream-in.ts'

/** Ollama's own chat. */
export const ollamaChat: VendorDialect = {
  id: 'ollama-chat',
  framing: ndjsonFraming,
  losses: LOSSES,
  requestHeaders: ['content-type', 'application/json'],
  requestOut: writeRequest,
  responseIn: readResponse,
  streamIn: (memo) => new LineReader(memo),
  errorIn: readError,
}
