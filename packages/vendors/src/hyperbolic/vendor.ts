import { bearerModels, bearerTarget } from '@konnect/ai'
import { closed } from '@konnect/contract'
import { defineVendor } from '@konnect/sdk'

/** Hyperbolic. See https://docs.hyperbolic.xyz. */
export const hyperbolic = defineVendor({
  id: 'hyperbolic',
  title: 'Hyperbolic',
  description: 'Hyperbolic: open models, serverless.',
  dialects: ['openai-chat'],
  defaultBaseUrl: 'https://api.hyperbolic.xyz/v1',
  needsApiKey: true,
  keyVariable: 'HYPERBOLIC_API_KEY',
  settings: closed({}),
  models: bearerModels,
  target: bearerTarget,
})
