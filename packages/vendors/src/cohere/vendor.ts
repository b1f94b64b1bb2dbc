import { closed, headerOf } from '@konnect/contract'
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
  // The operator's own Authorization field goes before the key.
  target({ baseUrl, apiKey, headers }, { dialect }) {
    const isAuthorized = apiKey === undefined || headerOf(headers, 'authorization') !== undefined
    return {
      url: `${baseUrl}/v2/${dialect === RERANK ? 'rerank' : 'chat'}`,
      headers: [...(isAuthorized ? [] : ['authorization', `Bearer ${apiKey}`]), ...headers],
    }
  },
})
