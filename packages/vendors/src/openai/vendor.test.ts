import { describe, expect, it } from 'vitest'
import { openai } from './vendor.ts'

const connection = { baseUrl: 'https://api.openai.com/v1', apiKey: 'secret', headers: [], settings: {} }

describe('openai', () => {
  it('sends chat to the base URL as its SDK writes it, with the key as a bearer token', () => {
    expect(openai.target(connection, { dialect: 'openai-chat', model: 'gpt-4o' })).toEqual({
      url: 'https://api.openai.com/v1/chat/completions',
      headers: ['authorization', 'Bearer secret'],
    })
  })

  it('sends responses to their own path', () => {
    expect(openai.dialects.slice(0, 2)).toEqual(['openai-chat', 'openai-responses'])
    expect(openai.target(connection, { dialect: 'openai-responses', model: 'gpt-4o' }).url).toBe(
      'https://api.openai.com/v1/responses',
    )
  })

  it('opens sessions below the same address', () => {
    expect(openai.target(connection, { dialect: 'openai-realtime', model: 'gpt-realtime' })).toEqual({
      url: 'https://api.openai.com/v1/realtime',
      headers: ['authorization', 'Bearer secret'],
    })
  })

  it('names organization and project where the operator did', () => {
    const settings = { organization: 'org-1', project: 'proj-1' }
    expect(openai.target({ ...connection, settings }, { dialect: 'openai-chat', model: 'gpt-4o' }).headers).toEqual([
      'authorization',
      'Bearer secret',
      'openai-organization',
      'org-1',
      'openai-project',
      'proj-1',
    ])
  })

  it("lets the operator's own Authorization go before the key, and sends none without either", () => {
    const headers = ['authorization', 'Custom x']
    expect(openai.target({ ...connection, headers }, { dialect: 'openai-chat', model: 'm' }).headers).toEqual(headers)
    expect(openai.target({ ...connection, apiKey: undefined }, { dialect: 'openai-chat', model: 'm' }).headers).toEqual(
      [],
    )
  })
})
