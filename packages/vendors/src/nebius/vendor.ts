import { bearerModels, bearerTarget } from '@konnect/ai'
import { closed } from '@konnect/contract'
import { defineVendor } from '@konnect/sdk'

/** Nebius Token Factory. See https://docs.tokenfactory.nebius.com/api-reference/introduction. */
export const nebius = defineVendor({
  id: 'nebius',
  title: 'Nebius Token Factory',
  description: 'Nebius Token Factory: open models in Europe and the US.',
  dialects: ['openai-chat', 'openai-embeddings'],
  defaultBaseUrl: 'https://api.tokenfactory.nebius.com/v1',
  needsApiKey: true,
  keyVariable: 'NEBIUS_API_KEY',
  settings: closed({}),
  models: bearerModels,
  target: bearerTarget,
})
