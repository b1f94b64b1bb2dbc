import { bearerTarget, publicModels } from '@konnect/ai'
import { closed } from '@konnect/contract'
import { defineVendor } from '@konnect/sdk'

/** Featherless AI. See https://featherless.ai/docs/quickstart-guide. */
export const featherless = defineVendor({
  id: 'featherless',
  title: 'Featherless AI',
  description: 'Featherless AI: open models of Hugging Face, serverless.',
  dialects: ['openai-chat'],
  defaultBaseUrl: 'https://api.featherless.ai/v1',
  needsApiKey: true,
  keyVariable: 'FEATHERLESS_API_KEY',
  settings: closed({}),
  models: publicModels,
  target: bearerTarget,
})
