import { bearerTarget, publicModels } from '@konnect/ai'
import { closed } from '@konnect/contract'
import { defineVendor } from '@konnect/sdk'

/** OVHcloud AI Endpoints. See https://www.ovhcloud.com/en/public-cloud/ai-endpoints/catalog/. */
export const ovhcloud = defineVendor({
  id: 'ovhcloud',
  title: 'OVHcloud AI Endpoints',
  description: 'OVHcloud AI Endpoints: open models in Europe.',
  dialects: ['openai-chat'],
  defaultBaseUrl: 'https://oai.endpoints.kepler.ai.cloud.ovh.net/v1',
  needsApiKey: false,
  keyVariable: 'OVH_AI_ENDPOINTS_ACCESS_TOKEN',
  settings: closed({}),
  models: publicModels,
  target: bearerTarget,
})
