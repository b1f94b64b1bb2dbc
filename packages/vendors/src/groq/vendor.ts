import { bearerModels, bearerStorage, bearerTarget } from '@konnect/ai'
import { closed } from '@konnect/contract'
import { defineVendor } from '@konnect/sdk'

/** Groq. See https://console.groq.com/docs/openai. */
export const groq = defineVendor({
  id: 'groq',
  title: 'Groq',
  description: 'GroqCloud: open models on LPUs.',
  dialects: ['openai-chat', 'openai-responses', 'openai-transcriptions', 'openai-translations'],
  defaultBaseUrl: 'https://api.groq.com/openai/v1',
  needsApiKey: true,
  keyVariable: 'GROQ_API_KEY',
  settings: closed({}),
  // Answered by 400.
  fields: { drop: ['logit_bias', 'logprobs', 'top_logprobs'] },
  storage: bearerStorage(['files', 'batches'], { batchPercent: 50 }),
  models: bearerModels,
  target: bearerTarget,
})
