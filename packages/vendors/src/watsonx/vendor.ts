import { bearerTarget } from '@konnect/ai'
import { closed } from '@konnect/contract'
import { defineVendor } from '@konnect/sdk'

/** IBM watsonx.ai. See https://www.ibm.com/docs/en/watsonx/saas?topic=generation-inferencing-gateway-models. */
export const watsonx = defineVendor({
  id: 'watsonx',
  title: 'IBM watsonx.ai',
  description: 'The model gateway of IBM watsonx.ai.',
  dialects: ['openai-chat', 'openai-embeddings'],
  needsApiKey: true,
  keyVariable: 'WATSONX_AI_BEARER_TOKEN',
  settings: closed({}),
  target: bearerTarget,
})
