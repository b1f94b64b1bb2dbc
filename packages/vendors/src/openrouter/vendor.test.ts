import { validate } from '@konnect/contract'
import { describe, expect, it } from 'vitest'
import { openrouter } from './vendor.ts'

const connection = { baseUrl: openrouter.defaultBaseUrl ?? '', apiKey: 'secret', headers: [], settings: {} }
const chat = { dialect: 'openai-chat', model: 'anthropic/claude-sonnet-4.5' } as const

describe('openrouter', () => {
  it('calls chat completions at its documented address, with the key as a bearer token', () => {
    expect(openrouter.target(connection, chat)).toEqual({
      url: 'https://openrouter.ai/api/v1/chat/completions',
      headers: ['authorization', 'Bearer secret'],
    })
  })

  it('names the application where the operator did', () => {
    const settings = { appUrl: 'https://app.example.com', appTitle: 'My app' }
    expect(validate(openrouter.settings, settings)).toEqual([])
    expect(openrouter.target({ ...connection, settings }, chat).headers).toEqual([
      'authorization',
      'Bearer secret',
      'http-referer',
      'https://app.example.com',
      'x-openrouter-title',
      'My app',
    ])
  })

  it('takes no name that would break a header field', () => {
    expect(validate(openrouter.settings, { appTitle: 'a\r\nx: y' })).toHaveLength(1)
    expect(validate(openrouter.settings, { appUrl: 'https://a b' })).toHaveLength(1)
  })
})
