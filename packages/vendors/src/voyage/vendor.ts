import { bearerTarget } from '@konnect/ai'
import { closed } from '@konnect/contract'
import { defineVendor } from '@konnect/sdk'

/** Voyage AI. See https://docs.voyageai.com/reference/reranker-api. */
export const voyage = defineVendor({
  id: 'voyage',
  title: 'Voyage AI',
  description: "Voyage AI's API: embeddings and rerankers.",
  dialects: ['openai-embeddings', 'rerank'],
  defaultBaseUrl: 'https://api.voyageai.com/v1',
  needsApiKey: true,
  keyVariable: 'VOYAGE_API_KEY',
  settings: closed({}),
  target: bearerTarget,
})
