import { bearerModels, bearerTarget } from '@konnect/ai'
import { closed } from '@konnect/contract'
import { defineVendor } from '@konnect/sdk'

/** SiliconFlow. See https://docs.siliconflow.com/en/api-reference/chat-completions/chat-completions. */
export const siliconflow = defineVendor({
  id: 'siliconflow',
  title: 'SiliconFlow',
  description: 'SiliconFlow: open models, serverless.',
  dialects: ['openai-chat', 'openai-embeddings', 'rerank'],
  defaultBaseUrl: 'https://api.siliconflow.com/v1',
  needsApiKey: true,
  keyVariable: 'SILICONFLOW_API_KEY',
  settings: closed({}),
  // Its reference knows the limit as max_tokens only.
  fields: { rename: { max_completion_tokens: 'max_tokens' } },
  models: bearerModels,
  target: bearerTarget,
})
