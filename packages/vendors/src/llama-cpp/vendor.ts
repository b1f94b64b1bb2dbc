import { bearerTarget, publicModels } from '@konnect/ai'
import { closed } from '@konnect/contract'
import { defineVendor } from '@konnect/sdk'

/** llama.cpp's llama-server. See https://github.com/ggml-org/llama.cpp/tree/master/tools/server. */
export const llamaCpp = defineVendor({
  id: 'llama-cpp',
  title: 'llama.cpp',
  description: 'A llama-server of llama.cpp.',
  dialects: ['openai-chat', 'openai-completions', 'openai-embeddings', 'rerank'],
  defaultBaseUrl: 'http://localhost:8080/v1',
  needsApiKey: false,
  settings: closed({}),
  models: publicModels,
  target: bearerTarget,
})
