import { bearerTarget } from '@konnect/ai'
import { closed } from '@konnect/contract'
import { defineVendor } from '@konnect/sdk'

/** iFLYTEK Spark. See https://www.xfyun.cn/doc/spark/Web.html. */
export const spark = defineVendor({
  id: 'spark',
  title: 'iFLYTEK Spark',
  description: 'iFLYTEK Spark models over HTTP.',
  dialects: ['openai-chat'],
  defaultBaseUrl: 'https://spark-api-open.xf-yun.com/v1',
  needsApiKey: true,
  settings: closed({}),
  target: bearerTarget,
})
