import type { TextAnswer, TextRequest } from '@konnect/contract'
import { describe, expect, it } from 'vitest'
import { assumedRole, type RoleOptions } from './assumed-role.ts'

const CREDENTIALS = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'wJalr/K7MD+ENG' }
const ROLE = {
  arn: 'arn:aws:iam::123456789012:role/gateway',
  externalId: undefined,
  region: 'eu-central-1',
  stsUrl: undefined,
}
const NOW_MS = Date.UTC(2027, 0, 1)

const answerWith = (token: string, expiration = '2027-01-01T01:00:00Z') => `<AssumeRoleResponse>
  <AssumeRoleResult>
    <AssumedRoleUser><Arn>arn:aws:sts::123456789012:assumed-role/gateway/konnect</Arn></AssumedRoleUser>
    <Credentials>
      <AccessKeyId>ASIAEXAMPLE</AccessKeyId>
      <SecretAccessKey>temporary/Secret+</SecretAccessKey>
      <SessionToken>
        ${token}
      </SessionToken>
      <Expiration>${expiration}</Expiration>
    </Credentials>
  </AssumeRoleResult>
</AssumeRoleResponse>`

const REFUSAL = `<ErrorResponse><Error><Type>Sender</Type><Code>AccessDenied</Code>
  <Message>User is not authorized
  to perform: sts:AssumeRole</Message></Error></ErrorResponse>`

async function asked(answer: TextAnswer, role: Partial<RoleOptions> = {}) {
  const sent: TextRequest[] = []
  const source = assumedRole(CREDENTIALS, { ...ROLE, ...role })
  const key = await source.obtain((request) => {
    sent.push(request)
    return Promise.resolve(answer)
  }, NOW_MS)
  return { key, request: sent[0], form: Object.fromEntries(new URLSearchParams(sent[0]?.body)) }
}

describe('an assumed role', () => {
  it('is asked for at the service of the region, signed, and gives keys until they expire', async () => {
    const { key, request, form } = await asked({ status: 200, text: answerWith('FwoGZX+/=') })
    expect(key).toEqual({ apiKey: 'ASIAEXAMPLE:temporary/Secret+:FwoGZX+/=', expiresAtMs: NOW_MS + 3_600_000 })
    expect(request).toMatchObject({ method: 'POST', url: 'https://sts.eu-central-1.amazonaws.com/' })
    expect(form).toEqual({
      Action: 'AssumeRole',
      Version: '2011-06-15',
      RoleArn: ROLE.arn,
      RoleSessionName: 'konnect',
      DurationSeconds: '3600',
    })
    const fields = request?.headers.join('\n')
    expect(fields).toContain('Credential=AKIDEXAMPLE/20270101/eu-central-1/sts/aws4_request')
    expect(fields).toContain('SignedHeaders=content-type;host;x-amz-date')
    expect(request?.headers).not.toContain('host')
    expect(fields).not.toContain(CREDENTIALS.secretAccessKey)
  })

  it('is asked for with what its trust policy demands, and where the operator says', async () => {
    const role = { externalId: 'a&b=c', stsUrl: 'https://vpce-1.sts.example' }
    const { request, form } = await asked({ status: 200, text: answerWith('t') }, role)
    expect(form).toMatchObject({ ExternalId: 'a&b=c' })
    expect(request?.url).toBe('https://vpce-1.sts.example/')
    expect((await asked({ status: 200, text: answerWith('t') }, { region: 'cn-north-1' })).request?.url).toBe(
      'https://sts.cn-north-1.amazonaws.com.cn/',
    )
  })

  it('that is refused fails with what the service says', async () => {
    await expect(asked({ status: 403, text: REFUSAL })).rejects.toThrow(
      /amazonaws\.com\/ answers 403: AccessDenied, User is not authorized to perform: sts:AssumeRole$/,
    )
    await expect(asked({ status: 503, text: 'busy' })).rejects.toThrow(/answers 503$/)
  })

  it.each([
    ['no credentials', '<a/>'],
    ['a token that would change the others', answerWith('a:b')],
    ['no time', answerWith('t', 'soon')],
  ])('fails where the answer holds %s', async (_name, text) => {
    await expect(asked({ status: 200, text })).rejects.toThrow(/without credentials/)
  })

  it('needs access keys', async () => {
    const nobody = () => Promise.reject(new Error('asked'))
    await expect(assumedRole(undefined, ROLE).obtain(nobody, NOW_MS)).rejects.toThrow(/with access keys/)
  })

  it('depends on the keys, the role and the service', () => {
    const of = (role: Partial<RoleOptions>) => assumedRole(CREDENTIALS, { ...ROLE, ...role }).dependsOn[0]
    expect(of({})).toBe(of({}))
    const others = [{ arn: 'x' }, { externalId: 'x' }, { region: 'us-east-1' }, { stsUrl: 'https://x/' }].map(of)
    expect(new Set([of({}), ...others]).size).toBe(5)
  })
})
