import { bearerModels, bearerTarget } from '@konnect/ai'
import { closed } from '@konnect/contract'
import { defineVendor } from '@konnect/sdk'

/** Scaleway. See https://www.scaleway.com/en/docs/generative-apis/api-cli/using-chat-api/. */
export const scaleway = defineVendor({
  id: 'scaleway',
  title: 'Scaleway',
  description: 'Scaleway Generative APIs: open models in Europe.',
  dialects: ['openai-chat'],
  defaultBaseUrl: 'https://api.scaleway.ai/v1',
  needsApiKey: true,
  keyVariable: 'SCW_SECRET_KEY',
  settings: closed({}),
  models: bearerModels,
  target: bearerTarget,
})
