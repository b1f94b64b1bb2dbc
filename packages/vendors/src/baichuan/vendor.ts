import { bearerTarget } from '@konnect/ai'
import { closed } from '@konnect/contract'
import { defineVendor } from '@konnect/sdk'

/** Baichuan AI. See https://platform.baichuan-ai.com/docs/api. */
export const baichuan = defineVendor({
  id: 'baichuan',
  title: 'Baichuan AI',
  description: 'Baichuan models.',
  dialects: ['openai-chat'],
  defaultBaseUrl: 'https://api.baichuan-ai.com/v1',
  needsApiKey: true,
  keyVariable: 'BAICHUAN_API_KEY',
  settings: closed({}),
  target: bearerTarget,
})
