import { describe, expect, it } from 'vitest'
import { anthropic } from './vendor.ts'

const connection = { baseUrl: 'https://api.anthropic.com', apiKey: 'secret', headers: [], settings: {} }

describe('anthropic', () => {
  it('adds the version to the base URL, which its SDK writes without one', () => {
    expect(anthropic.target(connection, { dialect: 'anthropic-messages', model: 'claude-sonnet-4-5' })).toEqual({
      url: 'https://api.anthropic.com/v1/messages',
      headers: ['x-api-key', 'secret', 'anthropic-version', '2023-06-01'],
    })
  })

  it('counts tokens below the address of messages', () => {
    const { url, headers } = anthropic.target(connection, {
      dialect: 'anthropic-token-count',
      model: 'claude-sonnet-4-5',
    })
    expect(url).toBe('https://api.anthropic.com/v1/messages/count_tokens')
    expect(headers).toEqual(['x-api-key', 'secret', 'anthropic-version', '2023-06-01'])
  })

  it('sends the version that the operator set, once', () => {
    const headers = ['anthropic-version', '2024-01-01']
    expect(anthropic.target({ ...connection, headers }, { dialect: 'anthropic-messages', model: 'm' }).headers).toEqual(
      ['x-api-key', 'secret', ...headers],
    )
  })

  it('passes on the fields in which its clients choose version and betas', () => {
    expect(anthropic.forwardHeaders).toEqual(['anthropic-version', 'anthropic-beta'])
  })
})
