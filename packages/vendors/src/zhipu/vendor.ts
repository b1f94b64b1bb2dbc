import { bearerTarget } from '@konnect/ai'
import { closed } from '@konnect/contract'
import { defineVendor } from '@konnect/sdk'

/** Zhipu AI. See https://docs.bigmodel.cn. */
export const zhipu = defineVendor({
  id: 'zhipu',
  title: 'Zhipu AI',
  description: "Zhipu AI's BigModel platform in mainland China: GLM models.",
  dialects: ['openai-chat'],
  defaultBaseUrl: 'https://open.bigmodel.cn/api/paas/v4',
  needsApiKey: true,
  keyVariable: 'ZHIPUAI_API_KEY',
  settings: closed({}),
  // Its reference knows the limit as max_tokens only.
  fields: { rename: { max_completion_tokens: 'max_tokens' } },
  pricedAs: 'zhipuai',
  target: bearerTarget,
})
