import { formOperation } from '../../openai/operation.ts'

/** OpenAI transcription: a form with a recording in, text out, whole or streamed. */
export const openaiTranscriptions = formOperation({
  id: 'openai-transcriptions',
  operation: 'transcription',
  path: '/audio/transcriptions',
})
