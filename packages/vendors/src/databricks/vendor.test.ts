import { describe, expect, it } from 'vitest'
import { databricks } from './vendor.ts'

describe('databricks', () => {
  it('calls chat completions below the address that the operator gives, with the key as a bearer token', () => {
    const connection = {
      baseUrl: 'https://dbc-1234.cloud.databricks.com/serving-endpoints',
      apiKey: 'secret',
      headers: [],
      settings: {},
    }
    expect(databricks.target(connection, { dialect: 'openai-chat', model: 'databricks-gemini-2-5-pro' })).toEqual({
      url: 'https://dbc-1234.cloud.databricks.com/serving-endpoints/chat/completions',
      headers: ['authorization', 'Bearer secret'],
    })
  })

  it('has no address of its own', () => {
    expect(databricks.defaultBaseUrl).toBeUndefined()
  })
})
