import { bearerModels, bearerStorage, bearerTarget } from '@konnect/ai'
import { closed } from '@konnect/contract'
import { defineVendor } from '@konnect/sdk'

/** xAI. See https://docs.x.ai/developers/rest-api-reference/inference. */
export const xai = defineVendor({
  id: 'xai',
  title: 'xAI',
  description: "xAI's API: Grok models.",
  dialects: ['openai-chat', 'openai-responses', 'openai-realtime'],
  defaultBaseUrl: 'https://api.x.ai/v1',
  needsApiKey: true,
  keyVariable: 'XAI_API_KEY',
  settings: closed({}),
  pricedAs: 'x-ai',
  storage: bearerStorage(['responses']),
  models: bearerModels,
  target: bearerTarget,
})
