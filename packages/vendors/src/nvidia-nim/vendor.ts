import { bearerTarget, publicModels } from '@konnect/ai'
import { closed } from '@konnect/contract'
import { defineVendor } from '@konnect/sdk'

/** NVIDIA NIM. See https://docs.api.nvidia.com/nim/reference/. */
export const nvidiaNim = defineVendor({
  id: 'nvidia-nim',
  title: 'NVIDIA NIM',
  description: 'NVIDIA API catalog, or NIM containers of your own under their address.',
  dialects: ['openai-chat', 'openai-embeddings'],
  defaultBaseUrl: 'https://integrate.api.nvidia.com/v1',
  needsApiKey: true,
  keyVariable: 'NVIDIA_API_KEY',
  settings: closed({}),
  models: publicModels,
  target: bearerTarget,
})
