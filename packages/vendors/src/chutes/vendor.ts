import { bearerTarget, publicModels } from '@konnect/ai'
import { closed } from '@konnect/contract'
import { defineVendor } from '@konnect/sdk'

/** Chutes. See https://chutes.ai/docs. */
export const chutes = defineVendor({
  id: 'chutes',
  title: 'Chutes',
  description: 'Chutes: open models on decentralised compute.',
  dialects: ['openai-chat'],
  defaultBaseUrl: 'https://llm.chutes.ai/v1',
  needsApiKey: true,
  keyVariable: 'CHUTES_API_KEY',
  settings: closed({}),
  models: publicModels,
  target: bearerTarget,
})
