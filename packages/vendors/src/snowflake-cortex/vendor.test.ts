import { describe, expect, it } from 'vitest'
import { snowflakeCortex } from './vendor.ts'

describe('snowflake-cortex', () => {
  it('calls chat completions below the address that the operator gives, with the key as a bearer token', () => {
    const connection = {
      baseUrl: 'https://org-account.snowflakecomputing.com/api/v2/cortex/v1',
      apiKey: 'secret',
      headers: [],
      settings: {},
    }
    expect(snowflakeCortex.target(connection, { dialect: 'openai-chat', model: 'claude-sonnet-4-5' })).toEqual({
      url: 'https://org-account.snowflakecomputing.com/api/v2/cortex/v1/chat/completions',
      headers: ['authorization', 'Bearer secret'],
    })
  })

  it('has no address of its own', () => {
    expect(snowflakeCortex.defaultBaseUrl).toBeUndefined()
  })
})
