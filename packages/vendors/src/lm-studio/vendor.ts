import { bearerModels, bearerTarget } from '@konnect/ai'
import { closed } from '@konnect/contract'
import { defineVendor } from '@konnect/sdk'

/** LM Studio. See https://lmstudio.ai/docs/api/endpoints/openai. */
export const lmStudio = defineVendor({
  id: 'lm-studio',
  title: 'LM Studio',
  description: 'Models that LM Studio serves on a desktop.',
  dialects: ['openai-chat', 'openai-responses', 'openai-embeddings'],
  defaultBaseUrl: 'http://localhost:1234/v1',
  needsApiKey: false,
  settings: closed({}),
  models: bearerModels,
  target: bearerTarget,
})
