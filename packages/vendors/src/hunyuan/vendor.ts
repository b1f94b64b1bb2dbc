import { bearerTarget } from '@konnect/ai'
import { closed } from '@konnect/contract'
import { defineVendor } from '@konnect/sdk'

/** Tencent Hunyuan. See https://cloud.tencent.com/document/product/1729/111007. */
export const hunyuan = defineVendor({
  id: 'hunyuan',
  title: 'Tencent Hunyuan',
  description: 'Tencent Hunyuan models.',
  dialects: ['openai-chat', 'openai-embeddings'],
  defaultBaseUrl: 'https://api.hunyuan.cloud.tencent.com/v1',
  needsApiKey: true,
  keyVariable: 'HUNYUAN_API_KEY',
  settings: closed({}),
  target: bearerTarget,
})
