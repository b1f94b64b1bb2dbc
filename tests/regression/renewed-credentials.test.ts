import { generateKeyPairSync } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type FakeVendor, startFakeVendor, startHttpServer, waitFor } from '@konnect/testkit'
import OpenAI from 'openai'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Konnect, startKonnect } from '../harness.ts'

const KEY = 'kn_test_0123456789abcdef'
const ROLE_SECRET = 'temporary/Secret+of-the-role'

const { privateKey } = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  publicKeyEncoding: { type: 'spki', format: 'pem' },
})
const KEY_FILE = JSON.stringify({
  type: 'service_account',
  client_email: 'gateway@p-1.example',
  private_key: privateKey,
})

const configOf = (vendor: string, tokens: string): string => `
providers:
  - name: vertex
    vendor: vertex-ai
    baseUrl: "${vendor}"
    apiKey: "\${env:VERTEX_KEY_FILE}"
    settings: { project: p-1, tokenUrl: "${tokens}/google" }
  - name: azure
    vendor: azure-openai
    baseUrl: "${vendor}"
    apiKey: secret-of-the-application
    settings: { entraDirectory: contoso.example, clientId: client-1, tokenUrl: "${tokens}/entra" }
  - name: bedrock
    vendor: amazon-bedrock
    baseUrl: "${vendor}"
    apiKey: "AKIDEXAMPLE:secret-of-the-user"
    settings: { roleArn: "arn:aws:iam::123456789012:role/gateway", stsUrl: "${tokens}/sts" }
models:
  - { name: on-vertex, access: public, deployments: [{ provider: vertex, model: gemini-2.5-flash }] }
  - { name: on-azure, access: public, deployments: [{ provider: azure, model: gpt-4o }] }
  - { name: on-bedrock, access: public, deployments: [{ provider: bedrock, model: amazon.nova-lite-v1:0 }] }
applications:
  - { name: mobile, keys: [{ value: ${KEY} }] }
`

const assumedRole = (count: number): string => `<AssumeRoleResponse><AssumeRoleResult><Credentials>
  <AccessKeyId>ASIA${count}</AccessKeyId><SecretAccessKey>${ROLE_SECRET}</SecretAccessKey>
  <SessionToken>session-token-${count}</SessionToken><Expiration>${new Date(Date.now() + 3_600_000).toISOString()}</Expiration>
</Credentials></AssumeRoleResult></AssumeRoleResponse>`

/** Hands out `token-of-google-1`, …: Google's last two seconds, so that they are renewed while the test runs. */
const startTokenServer = () => {
  const counts = new Map<string, number>()
  return startHttpServer(({ target }, response) => {
    const place = target.slice(1)
    const count = (counts.get(place) ?? 0) + 1
    counts.set(place, count)
    if (place === 'sts') response.end(assumedRole(count))
    else {
      const lifetime = { expires_in: place === 'google' ? 2 : 3_600 }
      response.end(JSON.stringify({ access_token: `token-of-${place}-${count}`, token_type: 'Bearer', ...lifetime }))
    }
  })
}

const ANSWERS = {
  'on-vertex': { candidates: [{ content: { role: 'model', parts: [{ text: 'Hi' }] }, finishReason: 'STOP' }] },
  'on-azure': {
    id: 'c1',
    object: 'chat.completion',
    created: 1,
    model: 'gpt-4o',
    choices: [{ index: 0, message: { role: 'assistant', content: 'Hi' }, finish_reason: 'stop' }],
  },
  'on-bedrock': {
    output: { message: { role: 'assistant', content: [{ text: 'Hi' }] } },
    stopReason: 'end_turn',
    usage: { inputTokens: 1, outputTokens: 1, totalTokens: 2 },
  },
}

describe('providers that are reached with temporary keys', () => {
  let vendor: FakeVendor
  let tokens: Awaited<ReturnType<typeof startTokenServer>>
  let konnect: Konnect

  beforeAll(async () => {
    vendor = await startFakeVendor()
    tokens = await startTokenServer()
    const config = configOf(vendor.url, tokens.url)
    konnect = await startKonnect({ config, env: { VERTEX_KEY_FILE: KEY_FILE } })
  })
  afterAll(async () => {
    await konnect?.stop()
    await vendor?.close()
    await tokens?.close()
  })

  /** What a vendor got as credential of a chat with this model, which has to be answered. */
  async function credentialFor(model: keyof typeof ANSWERS): Promise<string> {
    vendor.enqueue({ json: ANSWERS[model] })
    const client = new OpenAI({ baseURL: `${konnect.gatewayUrl}/v1`, apiKey: KEY, maxRetries: 0 })
    const { choices } = await client.chat.completions.create({ model, messages: [{ role: 'user', content: 'Hi' }] })
    expect(choices[0]?.message.content).toBe('Hi')
    const headers = vendor.requests.at(-1)?.headers
    return [headers?.authorization, headers?.['x-amz-security-token'], headers?.['api-key']].filter(Boolean).join(' ')
  }

  it('get a token of a service account, and another one before it expires', async () => {
    expect(await credentialFor('on-vertex')).toMatch(/^Bearer token-of-google-\d+$/)
    const used = new Set<string>()
    while (used.size < 3) used.add(await credentialFor('on-vertex'))
    expect(
      tokens.requests.some(({ target, body }) => target === '/google' && String(body).includes('assertion=')),
    ).toBe(true)
  })

  it('get a token of an application of Entra', async () => {
    expect(await credentialFor('on-azure')).toMatch(/^Bearer token-of-entra-\d+$/)
  })

  it('are signed for with the credentials of an assumed role', async () => {
    expect(await credentialFor('on-bedrock')).toMatch(/^AWS4-HMAC-SHA256 Credential=ASIA\d+\/\S+.* session-token-\d+$/)
  })

  it('leave no secret and no token in the log, in the records, or on disk', async () => {
    const calls = await waitFor('the calls of the other tests', async () => {
      const { items } = await konnect.client.calls.list({ limit: 100 })
      return items.length >= 5 && items
    })
    const kept = [konnect.output(), JSON.stringify(calls), ...(await textsBelow(konnect.data))].join('\n')
    expect(kept).toContain('on-vertex')
    const key = privateKey.split('\n')[1] ?? ''
    const secrets = [key, 'secret-of-the-application', 'secret-of-the-user', ROLE_SECRET, 'token-of-', 'session-token-']
    for (const secret of secrets) expect(kept.includes(secret), secret).toBe(false)
  })
})

/** Everything in files below a folder, as text. */
async function textsBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const files = entries.filter((entry) => entry.isFile())
  return Promise.all(files.map(({ parentPath, name }) => readFile(join(parentPath, name), 'latin1')))
}
