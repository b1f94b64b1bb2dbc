import { bearerTarget } from '@konnect/ai'
import { closed } from '@konnect/contract'
import { defineVendor } from '@konnect/sdk'

/** Jina AI. See https://jina.ai/reranker. */
export const jina = defineVendor({
  id: 'jina',
  title: 'Jina AI',
  description: "Jina's API: embeddings and rerankers.",
  dialects: ['openai-embeddings', 'rerank'],
  defaultBaseUrl: 'https://api.jina.ai/v1',
  needsApiKey: true,
  keyVariable: 'JINA_API_KEY',
  settings: closed({}),
  target: bearerTarget,
})
