import type { TextRequest } from '@konnect/contract'
import { describe, expect, it } from 'vitest'
import { type EntraOptions, entraTokens } from './entra.ts'

const OPTIONS = { directory: 'contoso.example', clientId: 'client-1', tokenUrl: undefined }

async function asked(change: Partial<EntraOptions> = {}) {
  const sent: TextRequest[] = []
  const key = await entraTokens('s3cret~value', { ...OPTIONS, ...change }).obtain((request) => {
    sent.push(request)
    return Promise.resolve({ status: 200, text: '{"access_token":"eyJ","expires_in":3599,"token_type":"Bearer"}' })
  }, 1_000)
  return { key, url: sent[0]?.url, form: Object.fromEntries(new URLSearchParams(sent[0]?.body)) }
}

describe('access tokens of Entra', () => {
  it('are asked for in the directory of the application, with its secret', async () => {
    const { key, url, form } = await asked()
    expect(key).toEqual({ apiKey: 'eyJ', expiresAtMs: 3_600_000 })
    expect(url).toBe('https://login.microsoftonline.com/contoso.example/oauth2/v2.0/token')
    expect(form).toEqual({
      grant_type: 'client_credentials',
      client_id: 'client-1',
      client_secret: 's3cret~value',
      scope: 'https://cognitiveservices.azure.com/.default',
    })
  })

  it('are asked for where the operator says', async () => {
    expect((await asked({ tokenUrl: 'https://login.sovereign.example/t' })).url).toBe(
      'https://login.sovereign.example/t',
    )
  })

  it('are not to be had without the id of the application', async () => {
    await expect(asked({ clientId: undefined })).rejects.toThrow('clientId is missing')
  })

  it('depend on the secret, the directory and the application', () => {
    const of = (change: Partial<EntraOptions>) => entraTokens('s', { ...OPTIONS, ...change }).dependsOn.join()
    expect(of({})).toBe(of({}))
    const others = [{ directory: 'x' }, { clientId: 'x' }, { tokenUrl: 'https://x/' }].map(of)
    expect(new Set([of({}), entraTokens('t', OPTIONS).dependsOn.join(), ...others]).size).toBe(5)
  })
})
