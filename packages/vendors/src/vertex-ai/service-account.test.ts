import { createVerify, generateKeyPairSync } from 'node:crypto'
import type { TextRequest } from '@konnect/contract'
import { describe, expect, it } from 'vitest'
import { GOOGLE_TOKEN_URL, isKeyFile, serviceAccountTokens } from './service-account.ts'

const { privateKey, publicKey } = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  publicKeyEncoding: { type: 'spki', format: 'pem' },
})

const FILE = {
  type: 'service_account',
  client_email: 'gateway@p-1.iam.gserviceaccount.com',
  private_key_id: 'kid-1',
  private_key: privateKey,
  token_uri: 'https://evil.example/token',
}

const NOW_MS = Date.UTC(2027, 0, 1)
const decoded = (part = '') => JSON.parse(Buffer.from(part, 'base64url').toString())

async function asked(keyFile: string, tokenUrl = GOOGLE_TOKEN_URL) {
  const sent: TextRequest[] = []
  const token = await serviceAccountTokens(keyFile, tokenUrl).obtain((request) => {
    sent.push(request)
    return Promise.resolve({ status: 200, text: '{"access_token":"ya29.a","expires_in":3599,"token_type":"Bearer"}' })
  }, NOW_MS)
  const form = new URLSearchParams(sent[0]?.body)
  return { url: sent[0]?.url, form, token }
}

describe('access tokens of a service account', () => {
  it('are asked for with an assertion that its private key signs', async () => {
    const { form, token } = await asked(JSON.stringify(FILE))
    expect(token).toEqual({ apiKey: 'ya29.a', expiresAtMs: NOW_MS + 3_599_000 })
    expect(form.get('grant_type')).toBe('urn:ietf:params:oauth:grant-type:jwt-bearer')
    const [header, claims, signature = ''] = form.get('assertion')?.split('.') ?? []
    expect(createVerify('RSA-SHA256').update(`${header}.${claims}`).verify(publicKey, signature, 'base64url')).toBe(
      true,
    )
    expect(decoded(header)).toEqual({ alg: 'RS256', typ: 'JWT', kid: 'kid-1' })
    expect(decoded(claims)).toEqual({
      iss: FILE.client_email,
      scope: 'https://www.googleapis.com/auth/cloud-platform',
      aud: GOOGLE_TOKEN_URL,
      iat: NOW_MS / 1000,
      exp: NOW_MS / 1000 + 3600,
    })
  })

  it('are asked for where the operator says, never where the key file leads', async () => {
    expect((await asked(JSON.stringify(FILE))).url).toBe(GOOGLE_TOKEN_URL)
    const { url, form } = await asked(JSON.stringify(FILE), 'https://tokens.example/')
    expect(url).toBe('https://tokens.example/')
    expect(decoded(form.get('assertion')?.split('.')[1])).toMatchObject({ aud: 'https://tokens.example/' })
  })

  it.each([
    ['no JSON', '{ secret-text', /not a JSON object/],
    ['that of a user', JSON.stringify({ ...FILE, type: 'authorized_user' }), /not that of a service account/],
    ['without a key', JSON.stringify({ ...FILE, private_key: undefined }), /lacks client_email or private_key/],
    ['with a key that is none', JSON.stringify({ ...FILE, private_key: 'secret-text' }), /cannot be read/],
  ])('are not to be had with a key file that is %s, and the reason repeats nothing of it', async (_name, file, why) => {
    await expect(asked(file)).rejects.toThrow(why)
    await expect(asked(file)).rejects.not.toThrow('secret-text')
  })

  it('depend on the key file and the endpoint', () => {
    const { dependsOn } = serviceAccountTokens('{1}', GOOGLE_TOKEN_URL)
    expect(dependsOn).toEqual(['{1}', GOOGLE_TOKEN_URL])
  })

  it('knows a key file from an access token', () => {
    expect([' {"type":""}', 'ya29.c'].map(isKeyFile)).toEqual([true, false])
  })
})
