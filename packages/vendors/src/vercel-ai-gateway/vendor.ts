import { bearerTarget, publicModels } from '@konnect/ai'
import { closed } from '@konnect/contract'
import { defineVendor } from '@konnect/sdk'

/** Vercel AI Gateway. See https://vercel.com/docs/ai-gateway/openai-compat. */
export const vercelAiGateway = defineVendor({
  id: 'vercel-ai-gateway',
  title: 'Vercel AI Gateway',
  description: 'Vercel AI Gateway: models of many vendors behind one key.',
  dialects: ['openai-chat'],
  defaultBaseUrl: 'https://ai-gateway.vercel.sh/v1',
  needsApiKey: true,
  keyVariable: 'AI_GATEWAY_API_KEY',
  settings: closed({}),
  models: publicModels,
  target: bearerTarget,
})
