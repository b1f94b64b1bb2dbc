import { bearerModels, bearerTarget } from '@konnect/ai'
import { closed } from '@konnect/contract'
import { defineVendor } from '@konnect/sdk'

/** Baseten. See https://docs.baseten.co. */
export const baseten = defineVendor({
  id: 'baseten',
  title: 'Baseten',
  description: 'Baseten Model APIs: open models, serverless.',
  dialects: ['openai-chat'],
  defaultBaseUrl: 'https://inference.baseten.co/v1',
  needsApiKey: true,
  keyVariable: 'BASETEN_API_KEY',
  settings: closed({}),
  models: bearerModels,
  target: bearerTarget,
})
