import { sseFraming } from '../../sse/framing.ts'
import type { Dialect } from '../dialect.ts'
import { errorEvent, readError, writeError } from './errors.ts'
import { ContentTap, readResponseFacts } from './facts.ts'
import { PATH_PREFIX, readFacts } from './facts-in.ts'
import { stripForeign } from './foreign.ts'
import { LOSSES } from './losses.ts'
import { writeModels } from './models-out.ts'
import { readRequest } from './request-in.ts'
import { writeRequest } from './request-out.ts'
import { readResponse } from './response-in.ts'
import { writeResponse } from './response-out.ts'
import { ContentReader } from './stream-in.ts'
import { ContentWriter } from './stream-out.ts'
import { GEMINI } from './wire.ts'

/** Google's generateContent and streamGenerateContent, the latter as server-sent events (`alt=sse`). */
export const gemini: Dialect = {
  id: GEMINI,
  operation: 'chat',
  endpoints: [{ dialect: GEMINI, method: 'POST', path: PATH_PREFIX, match: 'prefix' }],
  modelListHeader: { 'x-goog-api-client': '*' },
  framing: sseFraming,
  losses: LOSSES,
  requestHeaders: ['content-type', 'application/json'],
  readFacts,
  stripForeign,
  // Model and streaming stand in the address, and usage always comes.
  prepare: (body) => ({ body, hidesUsage: false }),
  requestIn: readRequest,
  requestOut: writeRequest,
  responseIn: readResponse,
  responseOut: writeResponse,
  responseFacts: readResponseFacts,
  streamIn: (memo) => new ContentReader(memo),
  streamOut: (identity) => new ContentWriter(identity),
  streamTap: () => new ContentTap(),
  errorIn: readError,
  errorOut: writeError,
  errorEvent,
  modelsOut: writeModels,
}
