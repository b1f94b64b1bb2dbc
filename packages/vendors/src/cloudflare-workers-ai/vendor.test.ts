import { validate } from '@konnect/contract'
import { describe, expect, it } from 'vitest'
import { cloudflareWorkersAi } from './vendor.ts'

describe('cloudflare-workers-ai', () => {
  it('calls chat completions of the account, with the token as a bearer token', () => {
    const settings = { accountId: '023e105f4ecef8ad9ca31a8372d0c353' }
    const connection = { baseUrl: cloudflareWorkersAi.defaultBaseUrl ?? '', apiKey: 'secret', headers: [], settings }
    expect(cloudflareWorkersAi.target(connection, { dialect: 'openai-chat', model: '@cf/meta/m' })).toEqual({
      url: 'https://api.cloudflare.com/client/v4/accounts/023e105f4ecef8ad9ca31a8372d0c353/ai/v1/chat/completions',
      headers: ['authorization', 'Bearer secret'],
    })
  })

  it('needs an account, whose id cannot lead to another address', () => {
    expect(validate(cloudflareWorkersAi.settings, {})).toHaveLength(1)
    expect(validate(cloudflareWorkersAi.settings, { accountId: '../x' })).toHaveLength(1)
  })
})
