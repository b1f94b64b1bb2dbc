import { errorEvent, readError, writeError } from '../../anthropic/errors.ts'
import { stripForeign } from '../../anthropic/foreign.ts'
import { readBodyFacts } from '../../json/body-facts.ts'
import { sseFraming } from '../../sse/framing.ts'
import type { Dialect } from '../dialect.ts'
import { MessageTap, readResponseFacts } from './facts.ts'
import { LOSSES } from './losses.ts'
import { writeModel, writeModels } from './models-out.ts'
import { prepareRequest, SCANNED_FIELDS } from './prepare.ts'
import { readRequest } from './request-in.ts'
import { writeRequest } from './request-out.ts'
import { readResponse } from './response-in.ts'
import { writeResponse } from './response-out.ts'
import { MessageReader } from './stream-in.ts'
import { MessageWriter } from './stream-out.ts'

/** Anthropic Messages. */
export const anthropicMessages: Dialect = {
  id: 'anthropic-messages',
  operation: 'chat',
  endpoints: [{ dialect: 'anthropic-messages', method: 'POST', path: '/v1/messages' }],
  modelListHeader: { 'anthropic-version': '*' },
  framing: sseFraming,
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
  streamIn: (memo) => new MessageReader(memo),
  streamOut: (identity) => new MessageWriter(identity),
  streamTap: () => new MessageTap(),
  errorIn: readError,
  errorOut: writeError,
  errorEvent,
  modelsOut: writeModels,
  modelOut: writeModel,
}
