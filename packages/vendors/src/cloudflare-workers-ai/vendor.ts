import { bearerTarget } from '@konnect/ai'
import { closed } from '@konnect/contract'
import { defineVendor } from '@konnect/sdk'
import { Type } from 'typebox'

/** Cloudflare Workers AI. See https://developers.cloudflare.com/workers-ai/configuration/open-ai-compatibility. */
export const cloudflareWorkersAi = defineVendor({
  id: 'cloudflare-workers-ai',
  title: 'Cloudflare Workers AI',
  description: 'Open models on the network of Cloudflare.',
  dialects: ['openai-chat', 'openai-embeddings'],
  defaultBaseUrl: 'https://api.cloudflare.com/client/v4',
  needsApiKey: true,
  keyVariable: 'CLOUDFLARE_API_KEY',
  settings: closed({
    accountId: Type.String({
      title: 'Account ID',
      pattern: '^[A-Za-z0-9]{1,64}$',
      description: 'The account whose models are called; part of the address.',
    }),
  }),
  pricedAs: 'cloudflare',
  target(connection, request) {
    const baseUrl = `${connection.baseUrl}/accounts/${connection.settings.accountId}/ai/v1`
    return bearerTarget({ ...connection, baseUrl }, request)
  },
})
