import { errorEvent, readError, writeError } from '../../google/errors.ts'
import { KEY_IN_QUERY, PATH_PREFIX } from '../../google/model-path.ts'
import { sseFraming } from '../../sse/framing.ts'
import type { Dialect } from '../dialect.ts'
import { ContentTap, readResponseFacts } from './facts.ts'
import { readFacts } from './facts-in.ts'
import { stripForeign } from './foreign.ts'
import { GEMINI } from './id.ts'
import { LOSSES } from './losses.ts'
import { writeModel, writeModels } from './models-out.ts'
import { readRequest } from './request-in.ts'
import { writeRequest } from './request-out.ts'
import { readResponse } from './response-in.ts'
import { writeResponse } from './response-out.ts'
import { streamForm } from './stream-form.ts'
import { ContentReader } from './stream-in.ts'
import { ContentWriter } from './stream-out.ts'

/** Google's generateContent and streamGenerateContent, the latter as a JSON array or, with `alt=sse`, server-sent events. */
export const gemini: Dialect = {
  id: GEMINI,
  operation: 'chat',
  endpoints: [{ dialect: GEMINI, method: 'POST', path: PATH_PREFIX, match: 'prefix', keyInQuery: KEY_IN_QUERY }],
  modelListHeader: { 'x-goog-api-client': '*' },
  modelListPath: '/v1beta/models',
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
  holds: () => true,
  streamTap: () => new ContentTap(),
  errorIn: readError,
  errorOut: writeError,
  errorEvent,
  streamForm,
  modelsOut: writeModels,
  modelOut: writeModel,
}
