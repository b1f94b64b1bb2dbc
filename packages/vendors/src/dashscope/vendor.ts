import { bearerTarget } from '@konnect/ai'
import { closed } from '@konnect/contract'
import { defineVendor } from '@konnect/sdk'

/** Alibaba Cloud Model Studio, whose API is DashScope. See https://www.alibabacloud.com/help/en/model-studio/compatibility-of-openai-with-dashscope. */
export const dashscope = defineVendor({
  id: 'dashscope',
  title: 'Alibaba Cloud Model Studio',
  description: 'Alibaba Cloud Model Studio (DashScope): Qwen models.',
  dialects: ['openai-chat'],
  defaultBaseUrl: 'https://dashscope-intl.aliyuncs.com/compatible-mode/v1',
  needsApiKey: true,
  keyVariable: 'DASHSCOPE_API_KEY',
  settings: closed({}),
  target: bearerTarget,
})
