import { bearerModels, bearerTarget } from '@konnect/ai'
import { closed } from '@konnect/contract'
import { defineVendor } from '@konnect/sdk'

/** DeepSeek. See https://api-docs.deepseek.com/api/create-chat-completion. */
export const deepseek = defineVendor({
  id: 'deepseek',
  title: 'DeepSeek',
  description: "DeepSeek's API: chat and reasoning models.",
  dialects: ['openai-chat'],
  defaultBaseUrl: 'https://api.deepseek.com',
  needsApiKey: true,
  keyVariable: 'DEEPSEEK_API_KEY',
  settings: closed({}),
  // Its reference knows the limit as max_tokens only.
  fields: { rename: { max_completion_tokens: 'max_tokens' } },
  models: bearerModels,
  target: bearerTarget,
})
