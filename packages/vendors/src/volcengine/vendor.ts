import { bearerTarget } from '@konnect/ai'
import { closed } from '@konnect/contract'
import { defineVendor } from '@konnect/sdk'

/** Volcengine Ark. See https://www.volcengine.com/docs/82379. */
export const volcengine = defineVendor({
  id: 'volcengine',
  title: 'Volcengine Ark',
  description: 'Volcengine Ark: Doubao and other models.',
  dialects: ['openai-chat'],
  defaultBaseUrl: 'https://ark.cn-beijing.volces.com/api/v3',
  needsApiKey: true,
  keyVariable: 'ARK_API_KEY',
  settings: closed({}),
  target: bearerTarget,
})
