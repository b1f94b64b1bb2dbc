import { closed, headerOf } from '@konnect/contract'
import { defineVendor } from '@konnect/sdk'

/** Ollama's native API. */
export const ollamaNative = defineVendor({
  id: 'ollama-native',
  title: 'Ollama (native)',
  description: "Ollama's own API: models on this machine or another one, with their thinking and all options.",
  dialects: ['ollama-chat'],
  defaultBaseUrl: 'http://localhost:11434',
  needsApiKey: false,
  settings: closed({}),
  // The operator's own Authorization field goes before the key.
  target({ baseUrl, apiKey, headers }) {
    const isAuthorized = apiKey === undefined || headerOf(headers, 'authorization') !== undefined
    return {
      url: `${baseUrl}/api/chat`,
      headers: [...(isAuthorized ? [] : ['authorization', `Bearer ${apiKey}`]), ...headers],
    }
  },
})
