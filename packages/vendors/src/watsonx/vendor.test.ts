import type { TextRequest } from '@konnect/contract'
import { describe, expect, it } from 'vitest'
import { watsonx } from './vendor.ts'

describe('watsonx', () => {
  it('calls chat completions below the address that the operator gives, with the key as a bearer token', () => {
    const connection = {
      baseUrl: 'https://us-south.ml.cloud.ibm.com/ml/gateway/v1',
      apiKey: 'secret',
      headers: [],
      settings: {},
    }
    expect(watsonx.target(connection, { dialect: 'openai-chat', model: 'azure/gpt-4o' })).toEqual({
      url: 'https://us-south.ml.cloud.ibm.com/ml/gateway/v1/chat/completions',
      headers: ['authorization', 'Bearer secret'],
    })
  })

  it('has no address of its own', () => {
    expect(watsonx.defaultBaseUrl).toBeUndefined()
  })

  it('gets access tokens with an API key of IBM Cloud where the operator says that it is one', async () => {
    const connection = { baseUrl: 'https://v.example', apiKey: 'the+key', headers: [], settings: { iam: true } }
    const sent: TextRequest[] = []
    const key = await watsonx.temporaryKeys?.(connection)?.obtain((request) => {
      sent.push(request)
      return Promise.resolve({ status: 200, text: '{"access_token":"eyJ","expires_in":3600,"token_type":"Bearer"}' })
    }, 0)
    expect(key).toEqual({ apiKey: 'eyJ', expiresAtMs: 3_600_000 })
    expect(sent[0]?.url).toBe('https://iam.cloud.ibm.com/identity/token')
    expect(Object.fromEntries(new URLSearchParams(sent[0]?.body))).toEqual({
      grant_type: 'urn:ibm:params:oauth:grant-type:apikey',
      apikey: 'the+key',
    })
    expect(watsonx.temporaryKeys?.({ ...connection, settings: {} })).toBeUndefined()
    expect(watsonx.temporaryKeys?.({ ...connection, headers: ['authorization', 'Bearer mine'] })).toBeUndefined()
  })
})
