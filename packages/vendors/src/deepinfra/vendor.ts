import { bearerTarget, publicModels } from '@konnect/ai'
import { closed } from '@konnect/contract'
import { defineVendor } from '@konnect/sdk'

/** DeepInfra. See https://deepinfra.com/docs/advanced/openai_api. */
export const deepinfra = defineVendor({
  id: 'deepinfra',
  title: 'DeepInfra',
  description: 'DeepInfra: open models, serverless.',
  dialects: ['openai-chat', 'openai-embeddings'],
  defaultBaseUrl: 'https://api.deepinfra.com/v1/openai',
  needsApiKey: true,
  keyVariable: 'DEEPINFRA_API_KEY',
  settings: closed({}),
  models: publicModels,
  target: bearerTarget,
})
