import { bearerModels, bearerTarget } from '@konnect/ai'
import { closed } from '@konnect/contract'
import { defineVendor } from '@konnect/sdk'

/** Together AI. See https://docs.together.ai/docs/inference/openai-compatibility. */
export const together = defineVendor({
  id: 'together',
  title: 'Together AI',
  description: 'Together AI: open models, serverless and dedicated.',
  dialects: [
    'openai-chat',
    'openai-embeddings',
    'openai-images',
    'openai-speech',
    'openai-transcriptions',
    'openai-translations',
    'rerank',
  ],
  defaultBaseUrl: 'https://api.together.ai/v1',
  needsApiKey: true,
  keyVariable: 'TOGETHER_API_KEY',
  settings: closed({}),
  models: bearerModels,
  target: bearerTarget,
})
