import { headerOf } from '@konnect/contract'
import { defineVendor } from '@konnect/sdk'
import { Type } from 'typebox'

/** Any server that speaks Chat Completions under an address of its own. */
export const openaiCompatible = defineVendor({
  id: 'openai-compatible',
  title: 'OpenAI-compatible',
  description: 'Any server that speaks Chat Completions: vLLM, Ollama, llama.cpp, Groq, Mistral, DeepSeek and others.',
  dialects: ['openai-chat'],
  needsApiKey: false,
  settings: Type.Object({}, { additionalProperties: false }),
  // The operator's own Authorization field goes before the key.
  target({ baseUrl, apiKey, headers }) {
    return {
      url: `${baseUrl}/chat/completions`,
      headers: [
        ...(apiKey === undefined || headerOf(headers, 'authorization') !== undefined
          ? []
          : ['authorization', `Bearer ${apiKey}`]),
        ...headers,
      ],
    }
  },
})
