import { describe, expect, it } from 'vitest'
import { vercelAiGateway } from './vendor.ts'

describe('vercel-ai-gateway', () => {
  it('calls chat completions at its documented address, with the key as a bearer token', () => {
    const connection = { baseUrl: vercelAiGateway.defaultBaseUrl ?? '', apiKey: 'secret', headers: [], settings: {} }
    expect(
      vercelAiGateway.target(connection, {
        dialect: 'openai-chat',
        model: 'anthropic/claude-sonnet-4.5',
      }),
    ).toEqual({
      url: 'https://ai-gateway.vercel.sh/v1/chat/completions',
      headers: ['authorization', 'Bearer secret'],
    })
  })
})
