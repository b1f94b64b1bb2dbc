import { bearerTarget } from '@konnect/ai'
import { closed } from '@konnect/contract'
import { defineVendor } from '@konnect/sdk'

/** AI21 Labs. See https://docs.ai21.com/reference/jamba-1-6-api-ref. */
export const ai21 = defineVendor({
  id: 'ai21',
  title: 'AI21 Labs',
  description: 'AI21 Studio: Jamba models.',
  dialects: ['openai-chat'],
  defaultBaseUrl: 'https://api.ai21.com/studio/v1',
  needsApiKey: true,
  keyVariable: 'AI21_API_KEY',
  settings: closed({}),
  // Its reference knows the limit as max_tokens only.
  fields: { rename: { max_completion_tokens: 'max_tokens' } },
  target: bearerTarget,
})
