import { readBodyFacts } from '../../json/body-facts.ts'
import { errorEvent, readError, writeError } from '../../openai/errors.ts'
import { prepareRequest, SCANNED_FIELDS } from '../../openai/prepare.ts'
import { sseFraming } from '../../sse/framing.ts'
import type { Dialect } from '../dialect.ts'
import { readResponseFacts, tapChunks } from './facts.ts'
import { stripForeign } from './foreign.ts'
import { LOSSES } from './losses.ts'
import { writeModel, writeModels } from './models-out.ts'
import { readRequest } from './request-in.ts'
import { writeRequest } from './request-out.ts'
import { readResponse } from './response-in.ts'
import { writeResponse } from './response-out.ts'
import { ChunkReader } from './stream-in.ts'
import { ChunkWriter } from './stream-out.ts'

/** OpenAI Chat Completions. */
export const openaiChat: Dialect = {
  id: 'openai-chat',
  operation: 'chat',
  endpoints: [{ dialect: 'openai-chat', method: 'POST', path: '/v1/chat/completions' }],
  framing: sseFraming,
  vendorPath: '/chat/completions',
  addedFields: ['stream_options'],
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
  streamIn: (memo) => new ChunkReader(memo),
  streamOut: (identity) => new ChunkWriter(identity),
  holds: () => true,
  streamTap: tapChunks,
  errorIn: readError,
  errorOut: writeError,
  errorEvent,
  modelsOut: writeModels,
  modelOut: writeModel,
}
