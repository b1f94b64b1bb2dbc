import { bearerModels, bearerTarget } from '@konnect/ai'
import { closed } from '@konnect/contract'
import { defineVendor } from '@konnect/sdk'

/** Mistral AI. See https://docs.mistral.ai/api/. */
export const mistral = defineVendor({
  id: 'mistral',
  title: 'Mistral AI',
  description: "Mistral's La Plateforme: Mistral, Magistral, Codestral and Ministral models.",
  dialects: ['openai-chat', 'openai-embeddings'],
  defaultBaseUrl: 'https://api.mistral.ai/v1',
  needsApiKey: true,
  keyVariable: 'MISTRAL_API_KEY',
  settings: closed({}),
  // Fields that its schema lacks are answered by 422; streams report usage unasked.
  fields: {
    drop: [
      'logit_bias',
      'logprobs',
      'safety_identifier',
      'service_tier',
      'store',
      'stream_options',
      'top_logprobs',
      'user',
    ],
    rename: { max_completion_tokens: 'max_tokens', seed: 'random_seed' },
  },
  models: bearerModels,
  target: bearerTarget,
})
