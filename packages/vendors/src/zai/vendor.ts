import { bearerTarget } from '@konnect/ai'
import { closed } from '@konnect/contract'
import { defineVendor } from '@konnect/sdk'

/** Z.ai. See https://docs.z.ai/api-reference/llm/chat-completion. */
export const zai = defineVendor({
  id: 'zai',
  title: 'Z.ai',
  description: "Z.ai, Zhipu AI's international platform: GLM models.",
  dialects: ['openai-chat'],
  defaultBaseUrl: 'https://api.z.ai/api/paas/v4',
  needsApiKey: true,
  keyVariable: 'ZAI_API_KEY',
  settings: closed({}),
  // Its reference knows the limit as max_tokens only.
  fields: { rename: { max_completion_tokens: 'max_tokens' } },
  target: bearerTarget,
})
