import { readBodyFacts } from '../../json/body-facts.ts'
import { errorEvent, readError, writeError } from '../../openai/errors.ts'
import { prepareRequest, SCANNED_FIELDS } from '../../openai/prepare.ts'
import { sseFraming } from '../../sse/framing.ts'
import type { Dialect } from '../dialect.ts'
import { readResponseFacts, tapChunks } from './facts.ts'
import { LOSSES } from './losses.ts'
import { readRequest } from './request-in.ts'
import { writeRequest } from './request-out.ts'
import { readResponse } from './response-in.ts'
import { writeResponse } from './response-out.ts'
import { TextReader } from './stream-in.ts'
import { TextWriter } from './stream-out.ts'

/**
 * OpenAI Completions, the format before chat: one prompt, and the text that follows it. To translate, the prompt is one
 * user message. Its clients are those of Chat Completions too, in whose dialect the list of models is.
 */
export const openaiCompletions: Dialect = {
  id: 'openai-completions',
  operation: 'chat',
  endpoints: [{ dialect: 'openai-completions', method: 'POST', path: '/v1/completions' }],
  framing: sseFraming,
  vendorPath: '/completions',
  addedFields: ['stream_options'],
  losses: LOSSES,
  requestHeaders: ['content-type', 'application/json'],
  readFacts: (body) => readBodyFacts(body, SCANNED_FIELDS),
  prepare: prepareRequest,
  requestIn: readRequest,
  requestOut: writeRequest,
  responseIn: readResponse,
  responseOut: writeResponse,
  responseFacts: readResponseFacts,
  streamIn: () => new TextReader(),
  streamOut: (identity) => new TextWriter(identity),
  streamTap: tapChunks,
  errorIn: readError,
  errorOut: writeError,
  errorEvent,
}
