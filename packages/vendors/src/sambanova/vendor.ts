import { bearerTarget, publicModels } from '@konnect/ai'
import { closed } from '@konnect/contract'
import { defineVendor } from '@konnect/sdk'

/** SambaNova. See https://docs.sambanova.ai/docs/en/features/openai-compatibility. */
export const sambanova = defineVendor({
  id: 'sambanova',
  title: 'SambaNova',
  description: 'SambaCloud: open models on RDUs.',
  dialects: ['openai-chat'],
  defaultBaseUrl: 'https://api.sambanova.ai/v1',
  needsApiKey: true,
  keyVariable: 'SAMBANOVA_API_KEY',
  settings: closed({}),
  models: publicModels,
  target: bearerTarget,
})
