import { bearerTarget } from '@konnect/ai'
import { closed } from '@konnect/contract'
import { defineVendor } from '@konnect/sdk'

/** Baidu Qianfan. See https://cloud.baidu.com/doc/qianfan/s/Hmh4suq26. */
export const qianfan = defineVendor({
  id: 'qianfan',
  title: 'Baidu Qianfan',
  description: 'Baidu AI Cloud Qianfan: ERNIE and other models.',
  dialects: ['openai-chat'],
  defaultBaseUrl: 'https://qianfan.baidubce.com/v2',
  needsApiKey: true,
  keyVariable: 'QIANFAN_API_KEY',
  settings: closed({}),
  target: bearerTarget,
})
