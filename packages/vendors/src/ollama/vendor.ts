import { bearerModels, bearerTarget } from '@konnect/ai'
import { closed } from '@konnect/contract'
import { defineVendor } from '@konnect/sdk'

/** Ollama, through its OpenAI-compatible endpoint. See https://docs.ollama.com/api/openai-compatibility. */
export const ollama = defineVendor({
  id: 'ollama',
  title: 'Ollama',
  description: 'Ollama through its OpenAI-compatible endpoint, local or in its cloud.',
  dialects: ['openai-chat', 'openai-responses', 'openai-embeddings'],
  defaultBaseUrl: 'http://localhost:11434/v1',
  needsApiKey: false,
  keyVariable: 'OLLAMA_API_KEY',
  settings: closed({}),
  // Its reference knows the limit as max_tokens only.
  fields: { rename: { max_completion_tokens: 'max_tokens' } },
  models: bearerModels,
  target: bearerTarget,
})
