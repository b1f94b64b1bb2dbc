import { bearerTarget } from '@konnect/ai'
import { closed } from '@konnect/contract'
import { defineVendor } from '@konnect/sdk'

/** Inference.net. See https://docs.inference.net/api/api-quickstart. */
export const inferenceNet = defineVendor({
  id: 'inference-net',
  title: 'Inference.net',
  description: 'Inference.net: open models, serverless.',
  dialects: ['openai-chat'],
  defaultBaseUrl: 'https://api.inference.net/v1',
  needsApiKey: true,
  keyVariable: 'INFERENCE_API_KEY',
  settings: closed({}),
  target: bearerTarget,
})
