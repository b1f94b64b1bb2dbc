import { describe, expect, it } from 'vitest'
import { ovhcloud } from './vendor.ts'

describe('ovhcloud', () => {
  it('calls chat completions at its documented address, with the key as a bearer token', () => {
    const connection = { baseUrl: ovhcloud.defaultBaseUrl ?? '', apiKey: 'secret', headers: [], settings: {} }
    expect(ovhcloud.target(connection, { dialect: 'openai-chat', model: 'gpt-oss-120b' })).toEqual({
      url: 'https://oai.endpoints.kepler.ai.cloud.ovh.net/v1/chat/completions',
      headers: ['authorization', 'Bearer secret'],
    })
  })

  it('works without a key', () => {
    const connection = {
      baseUrl: 'https://oai.endpoints.kepler.ai.cloud.ovh.net/v1',
      apiKey: undefined,
      headers: [],
      settings: {},
    }
    const { headers } = ovhcloud.target(connection, { dialect: 'openai-chat', model: 'm' })
    expect(headers).toEqual([])
    expect(ovhcloud.needsApiKey).toBe(false)
  })
})
