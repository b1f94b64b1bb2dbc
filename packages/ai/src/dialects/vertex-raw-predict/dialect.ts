import { type Envelope, encloseBytes, encloseObject } from '../../anthropic/envelope.ts'
import type { Dialect, VendorDialect } from '../dialect.ts'

/** See https://docs.cloud.google.com/vertex-ai/generative-ai/docs/partner-models/claude/use-claude. */
const ENVELOPE: Envelope = { version: 'vertex-2023-10-16', saysStream: true }

/**
 * Vertex AI's rawPredict for Anthropic's models: requests and answers of `messages`, their own dialect, in an envelope.
 * Google's servers refuse in words of their own before the models do.
 */
export function vertexRawPredict(messages: Dialect): VendorDialect {
  return {
    id: 'vertex-raw-predict',
    framing: messages.framing,
    losses: messages.losses,
    requestHeaders: messages.requestHeaders,
    carries: {
      ...messages,
      rewritesErrors: true,
      prepare: (body, _model, { headers }) => ({ body: encloseBytes(body, ENVELOPE, headers), hidesUsage: false }),
    },
    requestOut(request, model, losses) {
      const { body, memo } = messages.requestOut(request, model, losses)
      return { body: encloseObject(body, ENVELOPE), memo }
    },
    responseIn: messages.responseIn,
    streamIn: messages.streamIn,
    errorIn: messages.errorIn,
  }
}
