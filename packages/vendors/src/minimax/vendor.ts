import { bearerTarget } from '@konnect/ai'
import { closed } from '@konnect/contract'
import { defineVendor } from '@konnect/sdk'

/** MiniMax. See https://platform.minimax.io/docs/api-reference/text-openai-api. */
export const minimax = defineVendor({
  id: 'minimax',
  title: 'MiniMax',
  description: 'MiniMax text models.',
  dialects: ['openai-chat', 'openai-responses'],
  defaultBaseUrl: 'https://api.minimax.io/v1',
  needsApiKey: true,
  keyVariable: 'MINIMAX_API_KEY',
  settings: closed({}),
  target: bearerTarget,
})
