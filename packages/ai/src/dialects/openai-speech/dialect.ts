import { byteStream, jsonOperation } from '../../openai/operation.ts'
import type { PassingDialect } from '../dialect.ts'

const base = jsonOperation({ id: 'openai-speech', operation: 'speech', path: '/audio/speech' })

/** OpenAI speech: text in, audio out, passed on while it comes. */
export const openaiSpeech: PassingDialect = {
  ...base,
  framing: { ...base.framing, contentType: 'audio/' },
  readFacts: (body, path) => ({ ...base.readFacts(body, path), isStream: true }),
  openStream: byteStream,
}
