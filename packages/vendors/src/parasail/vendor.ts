import { bearerTarget } from '@konnect/ai'
import { closed } from '@konnect/contract'
import { defineVendor } from '@konnect/sdk'

/** Parasail. See https://docs.parasail.io. */
export const parasail = defineVendor({
  id: 'parasail',
  title: 'Parasail',
  description: 'Parasail: open models, serverless and dedicated.',
  dialects: ['openai-chat'],
  defaultBaseUrl: 'https://api.parasail.io/v1',
  needsApiKey: true,
  keyVariable: 'PARASAIL_API_KEY',
  settings: closed({}),
  target: bearerTarget,
})
