import { sseFraming } from '../../sse/framing.ts'
import type { VendorDialect } from '../dialect.ts'
import { readError } from './errors.ts'
import { LOSSES } from './losses.ts'
import { writeRequest } from './request-out.ts'
import { readResponse } from './response-in.ts'
import { ChatReader } from './stream-in.ts'

/** Cohere's own chat (API version 2). */
export const cohereChat: VendorDialect = {
  id: 'cohere-chat',
  framing: sseFraming,
  losses: LOSSES,
  requestHeaders: ['content-type', 'application/json'],
  requestOut: writeRequest,
  responseIn: readResponse,
  streamIn: (memo) => new ChatReader(memo),
  errorIn: readError,
}
