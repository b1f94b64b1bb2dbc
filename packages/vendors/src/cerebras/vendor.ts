import { bearerModels, bearerTarget } from '@konnect/ai'
import { closed } from '@konnect/contract'
import { defineVendor } from '@konnect/sdk'

/** Cerebras. See https://inference-docs.cerebras.ai/resources/openai. */
export const cerebras = defineVendor({
  id: 'cerebras',
  title: 'Cerebras',
  description: 'Cerebras Inference: open models on wafer-scale engines.',
  dialects: ['openai-chat'],
  defaultBaseUrl: 'https://api.cerebras.ai/v1',
  needsApiKey: true,
  keyVariable: 'CEREBRAS_API_KEY',
  settings: closed({}),
  // Penalties and biases are answered by 400; its reference knows the limit as max_completion_tokens.
  fields: {
    drop: ['frequency_penalty', 'logit_bias', 'presence_penalty'],
    rename: { max_tokens: 'max_completion_tokens' },
  },
  models: bearerModels,
  target: bearerTarget,
})
