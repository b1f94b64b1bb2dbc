import { bearerTarget } from '@konnect/ai'
import { closed } from '@konnect/contract'
import { defineVendor } from '@konnect/sdk'

/** FriendliAI. See https://friendli.ai/docs. */
export const friendli = defineVendor({
  id: 'friendli',
  title: 'FriendliAI',
  description: 'FriendliAI: open models, serverless and dedicated.',
  dialects: ['openai-chat'],
  defaultBaseUrl: 'https://api.friendli.ai/serverless/v1',
  needsApiKey: true,
  keyVariable: 'FRIENDLI_TOKEN',
  settings: closed({}),
  target: bearerTarget,
})
