import { bearerModels, bearerTarget } from '@konnect/ai'
import { closed } from '@konnect/contract'
import { defineVendor } from '@konnect/sdk'

/** Nscale. See https://docs.nscale.com. */
export const nscale = defineVendor({
  id: 'nscale',
  title: 'Nscale',
  description: 'Nscale: open models, serverless.',
  dialects: ['openai-chat'],
  defaultBaseUrl: 'https://inference.api.nscale.com/v1',
  needsApiKey: true,
  settings: closed({}),
  models: bearerModels,
  target: bearerTarget,
})
