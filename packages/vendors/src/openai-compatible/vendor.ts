import { bearerModels, bearerTarget } from '@konnect/ai'
import { closed } from '@konnect/contract'
import { defineVendor } from '@konnect/sdk'

/** Any server that speaks Chat Completions under an address of its own. */
export const openaiCompatible = defineVendor({
  id: 'openai-compatible',
  title: 'OpenAI-compatible',
  description: 'Any other server that speaks Chat Completions.',
  dialects: [
    'openai-chat',
    'openai-embeddings',
    'openai-images',
    'openai-image-edits',
    'openai-speech',
    'openai-transcriptions',
    'openai-translations',
    'openai-moderations',
    'openai-realtime',
  ],
  forwardHeaders: ['openai-beta'],
  needsApiKey: false,
  settings: closed({}),
  models: bearerModels,
  target: bearerTarget,
})
