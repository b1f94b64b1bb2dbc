import { type Envelope, encloseBytes, encloseObject } from '../../anthropic/envelope.ts'
import { readError } from '../../bedrock/errors.ts'
import { PassStream } from '../../translation/pass-stream.ts'
import type { Dialect, VendorDialect } from '../dialect.ts'
import { invokeFraming } from './framing.ts'
import { UNAVAILABLE } from './losses.ts'
import { withoutLinks } from './media.ts'
import { InvokePassStream } from './pass-stream.ts'
import { InvokeReader } from './stream-in.ts'

/** See https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-anthropic-claude-messages-request-response.html. */
const ENVELOPE: Envelope = {
  version: 'bedrock-2023-05-31',
  saysStream: false,
  betas: new Set([
    'computer-use-2024-10-22',
    'computer-use-2025-01-24',
    'token-efficient-tools-2025-02-19',
    'interleaved-thinking-2025-05-14',
    'output-128k-2025-02-19',
    'dev-full-thinking-2025-05-14',
    'context-1m-2025-08-07',
    'context-management-2025-06-27',
    'effort-2025-11-24',
    'tool-search-tool-2025-10-19',
    'tool-examples-2025-10-29',
  ]),
}

/**
 * Amazon Bedrock's InvokeModel for Anthropic's models: requests and answers of `messages`, their own dialect, in an
 * envelope.
 */
export function bedrockInvoke(messages: Dialect): VendorDialect {
  const losses = { ...messages.losses, ...UNAVAILABLE }
  return {
    id: 'bedrock-invoke',
    framing: invokeFraming,
    losses,
    requestHeaders: messages.requestHeaders,
    carries: {
      ...messages,
      losses,
      framing: invokeFraming,
      streamTypeOut: 'text/event-stream',
      rewritesErrors: true,
      prepare: (body, _model, { headers }) => ({ body: encloseBytes(body, ENVELOPE, headers), hidesUsage: false }),
      openStream: (requestId) => new InvokePassStream(new PassStream(messages, false, requestId)),
      errorIn: readError,
    },
    requestOut(request, model, recorder) {
      const { body, memo } = messages.requestOut(withoutLinks(request, recorder), model, recorder)
      return { body: encloseObject(body, ENVELOPE), memo }
    },
    responseIn: messages.responseIn,
    streamIn: (memo) => new InvokeReader(messages.streamIn(memo)),
    errorIn: readError,
  }
}
