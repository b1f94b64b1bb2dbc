import { readBodyFacts } from '../../json/body-facts.ts'
import { readError, writeError } from '../../openai/errors.ts'
import { sseFraming } from '../../sse/framing.ts'
import type { Dialect } from '../dialect.ts'
import { errorEvent } from './errors.ts'
import { ResponseTap, readResponseFacts } from './facts.ts'
import { stripForeign } from './foreign.ts'
import { LOSSES } from './losses.ts'
import { prepareRequest, SCANNED_FIELDS } from './prepare.ts'
import { readRequest } from './request-in.ts'
import { writeRequest } from './request-out.ts'
import { readResponse } from './response-in.ts'
import { writeResponse } from './response-out.ts'
import { ResponseReader } from './stream-in.ts'
import { ResponseWriter } from './stream-out.ts'

/** OpenAI Responses. Its clients are those of Chat Completions too, in whose dialect the list of models is. */
export const openaiResponses: Dialect = {
  id: 'openai-responses',
  operation: 'chat',
  endpoints: [{ dialect: 'openai-responses', method: 'POST', path: '/v1/responses' }],
  framing: sseFraming,
  vendorPath: '/responses',
  addedFields: ['include', 'store'],
  losses: LOSSES,
  requestHeaders: ['content-type', 'application/json'],
  readFacts: (body) => readBodyFacts(body, SCANNED_FIELDS),
  stripForeign,
  prepare: prepareRequest,
  requestIn: readRequest,
  requestOut: writeRequest,
  responseIn: readResponse,
  responseOut: writeResponse,
  responseFacts: readResponseFacts,
  streamIn: (memo) => new ResponseReader(memo),
  streamOut: (identity) => new ResponseWriter(identity),
  holds: (medium) => medium.type === 'image' && medium.source.kind === 'base64',
  streamTap: () => new ResponseTap(),
  errorIn: readError,
  errorOut: writeError,
  errorEvent: (error) => errorEvent(error),
}
