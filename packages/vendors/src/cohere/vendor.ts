import { closed, headerOf } from '@konnect/contract'
import { defineVendor } from '@konnect/sdk'

/** Cohere's own API. */
export const cohere = defineVendor({
  id: 'cohere',
  title: 'Cohere',
  description: "Cohere's API: Chat, version 2.",
  dialects: ['cohere-chat'],
  defaultBaseUrl: 'https://api.cohere.com',
  needsApiKey: true,
  keyVariable: 'CO_API_KEY',
  settings: closed({}),
  // The operator's own Authorization field goes before the key.
  target({ baseUrl, apiKey, headers }) {
    const isAuthorized = apiKey === undefined || headerOf(headers, 'authorization') !== undefined
    return {
      url: `${baseUrl}/v2/chat`,
      headers: [...(isAuthorized ? [] : ['authorization', `Bearer ${apiKey}`]), ...headers],
    }
  },
})
