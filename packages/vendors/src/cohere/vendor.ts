import { bearerHeaders } from '@konnect/ai'
import { closed } from '@konnect/contract'
import { defineVendor } from '@konnect/sdk'

/** Where each dialect is spoken; the common form of rankings is that of the API's first version. */
const PATHS: ReadonlyMap<string, string> = new Map([
  ['cohere-chat', '/v2/chat'],
  ['cohere-embed', '/v2/embed'],
  ['cohere-rerank', '/v2/rerank'],
  ['rerank', '/v1/rerank'],
])

/** Cohere's own API. */
export const cohere = defineVendor({
  id: 'cohere',
  title: 'Cohere',
  description: "Cohere's API, version 2: Chat, Embed and Rerank.",
  dialects: ['cohere-chat', 'cohere-embed', 'cohere-rerank', 'rerank'],
  defaultBaseUrl: 'https://api.cohere.com',
  needsApiKey: true,
  keyVariable: 'CO_API_KEY',
  settings: closed({}),
  models: {
    target: ({ baseUrl, apiKey, headers }) => ({
      url: `${baseUrl}/v1/models?page_size=1000`,
      headers: bearerHeaders({ apiKey, headers }),
    }),
  },
  target({ baseUrl, apiKey, headers }, { dialect }) {
    return {
      url: `${baseUrl}${PATHS.get(dialect)}`,
      headers: bearerHeaders({ apiKey, headers }),
    }
  },
})
