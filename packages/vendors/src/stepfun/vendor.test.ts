import { describe, expect, it } from 'vitest'
import { stepfun } from './vendor.ts'

describe('stepfun', () => {
  it('calls chat completions at its documented address, with the key as a bearer token', () => {
    const connection = { baseUrl: stepfun.defaultBaseUrl ?? '', apiKey: 'secret', headers: [], settings: {} }
    expect(stepfun.target(connection, { dialect: 'openai-chat', model: 'step-3.5-flash' })).toEqual({
      url: 'https://api.stepfun.ai/v1/chat/completions',
      headers: ['authorization', 'Bearer secret'],
    })
  })

  it('opens sessions below the same address', () => {
    const connection = { baseUrl: 'https://api.stepfun.ai/v1', apiKey: 'secret', headers: [], settings: {} }
    const { url } = stepfun.target(connection, { dialect: 'openai-realtime', model: 'step-audio-2' })
    expect(url).toBe('https://api.stepfun.ai/v1/realtime')
  })
})
