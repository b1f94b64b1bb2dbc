import { bearerModels, bearerTarget } from '@konnect/ai'
import { closed } from '@konnect/contract'
import { defineVendor } from '@konnect/sdk'

/** vLLM. See https://docs.vllm.ai. */
export const vllm = defineVendor({
  id: 'vllm',
  title: 'vLLM',
  description: 'A vLLM server.',
  dialects: ['openai-chat', 'openai-completions', 'openai-embeddings', 'rerank'],
  defaultBaseUrl: 'http://localhost:8000/v1',
  needsApiKey: false,
  settings: closed({}),
  models: bearerModels,
  target: bearerTarget,
})
