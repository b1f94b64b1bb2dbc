import { formOperation } from '../../openai/operation.ts'

/** OpenAI translation: a form with a recording in, English text out. */
export const openaiTranslations = formOperation({
  id: 'openai-translations',
  operation: 'transcription',
  path: '/audio/translations',
})
