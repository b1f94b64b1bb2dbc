import { bearerTarget } from '@konnect/ai'
import { closed } from '@konnect/contract'
import { defineVendor } from '@konnect/sdk'

/** Perplexity. See https://docs.perplexity.ai/docs/agent-api/openai-compatibility. */
export const perplexity = defineVendor({
  id: 'perplexity',
  title: 'Perplexity',
  description: "Perplexity's Agent API: models with web search.",
  dialects: ['openai-responses'],
  defaultBaseUrl: 'https://api.perplexity.ai/v1',
  needsApiKey: true,
  keyVariable: 'PERPLEXITY_API_KEY',
  settings: closed({}),
  target: bearerTarget,
})
