import { bearerHeaders, dialectPath } from '@konnect/ai'
import { closed } from '@konnect/contract'
import { defineVendor } from '@konnect/sdk'

const RERANK = 'voyage-rerank'

/** Voyage AI. See https://docs.voyageai.com/reference/reranker-api. */
export const voyage = defineVendor({
  id: 'voyage',
  title: 'Voyage AI',
  description: "Voyage AI's API: embeddings and rerankers.",
  dialects: ['openai-embeddings', RERANK],
  defaultBaseUrl: 'https://api.voyageai.com/v1',
  needsApiKey: true,
  keyVariable: 'VOYAGE_API_KEY',
  settings: closed({}),
  target: ({ baseUrl, apiKey, headers }, { dialect }) => ({
    url: `${baseUrl}${dialect === RERANK ? '/rerank' : dialectPath(dialect)}`,
    headers: bearerHeaders({ apiKey, headers }),
  }),
})
