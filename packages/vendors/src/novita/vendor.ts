import { bearerStorage, bearerTarget, publicModels } from '@konnect/ai'
import { closed } from '@konnect/contract'
import { defineVendor } from '@konnect/sdk'

/** Novita AI. See https://novita.ai/docs. */
export const novita = defineVendor({
  id: 'novita',
  title: 'Novita AI',
  description: 'Novita AI: open models, serverless.',
  dialects: ['openai-chat'],
  defaultBaseUrl: 'https://api.novita.ai/openai/v1',
  needsApiKey: true,
  keyVariable: 'NOVITA_API_KEY',
  settings: closed({}),
  // Its reference knows the limit as max_tokens only.
  fields: { rename: { max_completion_tokens: 'max_tokens' } },
  storage: bearerStorage(['files', 'batches']),
  models: publicModels,
  target: bearerTarget,
})
