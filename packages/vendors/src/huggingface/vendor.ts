import { bearerTarget, publicModels } from '@konnect/ai'
import { closed } from '@konnect/contract'
import { defineVendor } from '@konnect/sdk'

/** Hugging Face. See https://huggingface.co/docs/inference-providers/index. */
export const huggingface = defineVendor({
  id: 'huggingface',
  title: 'Hugging Face',
  description: 'Hugging Face Inference Providers behind one router.',
  dialects: ['openai-chat'],
  defaultBaseUrl: 'https://router.huggingface.co/v1',
  needsApiKey: true,
  keyVariable: 'HF_TOKEN',
  settings: closed({}),
  models: publicModels,
  target: bearerTarget,
})
