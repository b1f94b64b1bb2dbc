import { bearerModels, bearerTarget } from '@konnect/ai'
import { closed } from '@konnect/contract'
import { defineVendor } from '@konnect/sdk'

/** Fireworks AI. See https://docs.fireworks.ai/tools-sdks/openai-compatibility. */
export const fireworks = defineVendor({
  id: 'fireworks',
  title: 'Fireworks AI',
  description: 'Fireworks AI: open models, serverless and on dedicated deployments.',
  dialects: ['openai-chat', 'openai-responses', 'openai-embeddings'],
  defaultBaseUrl: 'https://api.fireworks.ai/inference/v1',
  needsApiKey: true,
  keyVariable: 'FIREWORKS_API_KEY',
  settings: closed({}),
  models: bearerModels,
  target: bearerTarget,
})
