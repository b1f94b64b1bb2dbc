import { bearerHeaders } from '@konnect/ai'
import { closed } from '@konnect/contract'
import { defineVendor } from '@konnect/sdk'

const RERANK = 'rerank'

/** Cohere's own API. */
export const cohere = defineVendor({
  id: 'cohere',
  title: 'Cohere',
  description: "Cohere's API, version 2: Chat and Rerank.",
  dialects: ['cohere-chat', RERANK],
  defaultBaseUrl: 'https://api.cohere.com',
  needsApiKey: true,
  keyVariable: 'CO_API_KEY',
  settings: closed({}),
  target({ baseUrl, apiKey, headers }, { dialect }) {
    return {
      url: `${baseUrl}/v2/${dialect === RERANK ? 'rerank' : 'chat'}`,
      headers: bearerHeaders({ apiKey, headers }),
    }
  },
})
