import { bearerModels, bearerTarget } from '@konnect/ai'
import { closed } from '@konnect/contract'
import { defineVendor } from '@konnect/sdk'

/** 01.AI. See https://platform.lingyiwanwu.com/docs. */
export const yi = defineVendor({
  id: 'yi',
  title: '01.AI',
  description: "01.AI's Lingyiwanwu platform: Yi models.",
  dialects: ['openai-chat'],
  defaultBaseUrl: 'https://api.lingyiwanwu.com/v1',
  needsApiKey: true,
  keyVariable: 'YI_API_KEY',
  settings: closed({}),
  models: bearerModels,
  target: bearerTarget,
})
