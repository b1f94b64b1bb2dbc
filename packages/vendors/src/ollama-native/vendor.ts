import { bearerHeaders } from '@konnect/ai'
import { closed } from '@konnect/contract'
import { defineVendor } from '@konnect/sdk'

const EMBED = 'ollama-embed'

/** Ollama's native API. */
export const ollamaNative = defineVendor({
  id: 'ollama-native',
  title: 'Ollama (native)',
  description: "Ollama's own API: models on this machine or another one, with their thinking and all options.",
  dialects: ['ollama-chat', EMBED],
  defaultBaseUrl: 'http://localhost:11434',
  needsApiKey: false,
  settings: closed({}),
  models: {
    target: ({ baseUrl, apiKey, headers }) => ({
      url: `${baseUrl}/api/tags`,
      headers: bearerHeaders({ apiKey, headers }),
    }),
  },
  target({ baseUrl, apiKey, headers }, { dialect }) {
    return {
      url: `${baseUrl}/api/${dialect === EMBED ? 'embed' : 'chat'}`,
      headers: bearerHeaders({ apiKey, headers }),
    }
  },
})
