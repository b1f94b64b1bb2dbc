import { validate } from '@konnect/contract'
import { describe, expect, it } from 'vitest'
import { azureOpenai } from './vendor.ts'

const connection = { baseUrl: 'https://example.openai.azure.com', apiKey: 'secret', headers: [], settings: {} }
const chat = { dialect: 'openai-chat', model: 'my gpt/4o' } as const

describe('azure-openai', () => {
  it('calls the deployment that the upstream model names, in the latest stable version, with the key as api-key', () => {
    expect(azureOpenai.target(connection, chat)).toEqual({
      url: 'https://example.openai.azure.com/openai/deployments/my%20gpt%2F4o/chat/completions?api-version=2024-10-21',
      headers: ['api-key', 'secret'],
    })
  })

  it('opens sessions where the API has no dated versions, with the same credential', () => {
    expect(azureOpenai.target(connection, { dialect: 'openai-realtime', model: 'my-voice' })).toEqual({
      url: 'https://example.openai.azure.com/openai/v1/realtime',
      headers: ['api-key', 'secret'],
    })
  })

  it('asks for the version that the operator chose, which has to look like one', () => {
    const settings = { apiVersion: '2025-04-01-preview' }
    expect(azureOpenai.target({ ...connection, settings }, chat).url).toMatch(/\?api-version=2025-04-01-preview$/)
    expect(validate(azureOpenai.settings, settings)).toEqual([])
    expect(validate(azureOpenai.settings, { apiVersion: 'v1&key=1' })).toHaveLength(1)
  })

  it('sends no key where the operator names one or has a token of Microsoft Entra ID instead', () => {
    const headers = ['api-key', 'mine']
    expect(azureOpenai.target({ ...connection, headers }, chat).headers).toEqual(headers)
    const token = ['authorization', 'Bearer token']
    expect(azureOpenai.target({ ...connection, apiKey: undefined, headers: token }, chat).headers).toEqual(token)
  })

  it('sends a token of Entra as a bearer token where there is a directory, and its secret to nobody but Entra', () => {
    const settings = { entraDirectory: 'contoso.example', clientId: 'client-1' }
    expect(azureOpenai.target({ ...connection, apiKey: 'eyJ', settings }, chat).headers).toEqual([
      'authorization',
      'Bearer eyJ',
    ])
    expect(azureOpenai.temporaryKeys?.({ ...connection, settings })?.dependsOn).toContain('secret')
    for (const headers of [
      ['api-key', 'mine'],
      ['authorization', 'Bearer mine'],
    ]) {
      expect(azureOpenai.temporaryKeys?.({ ...connection, headers, settings })).toBeUndefined()
      expect(azureOpenai.target({ ...connection, headers, settings }, chat).headers).toEqual(headers)
    }
    expect(azureOpenai.temporaryKeys?.(connection)).toBeUndefined()
    expect(azureOpenai.temporaryKeys?.({ ...connection, apiKey: undefined, settings })).toBeUndefined()
  })

  it.each(['a/b', '../x', 'evil.example#'])('accepts no directory that would lead elsewhere: %s', (entraDirectory) => {
    expect(validate(azureOpenai.settings, { entraDirectory })).toHaveLength(1)
  })
})
