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
})
