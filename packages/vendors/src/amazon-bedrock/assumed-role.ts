import type { HeaderList } from '@konnect/contract'
import type { TemporaryKeySource } from '@konnect/sdk'
import { type Credentials, sign } from './signature.ts'

/** A role, and where it is assumed. */
export interface RoleOptions {
  readonly arn: string
  /** What the trust policy of the role may demand of whoever assumes it. */
  readonly externalId: string | undefined
  readonly region: string
  /** Absolute URL of the Security Token Service; that of the region when left out. */
  readonly stsUrl: string | undefined
}

/** As long as every role allows, and as long as one role may last that another one assumes. */
const LIFETIME_S = 3_600
const LONGEST_REASON = 300

/**
 * Temporary credentials of a role, as `ACCESS_KEY_ID:SECRET_ACCESS_KEY:SESSION_TOKEN`. `credentials` are those that the
 * role trusts; without them there are none to be had. See
 * https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html.
 */
export function assumedRole(credentials: Credentials | undefined, role: RoleOptions): TemporaryKeySource {
  const { region, stsUrl = serviceIn(region) } = role
  const url = new URL(stsUrl).href
  return {
    dependsOn: [JSON.stringify([credentials, role])],
    async obtain(fetchText, nowMs) {
      if (credentials === undefined) throw new Error('a role is assumed with access keys, and the API key is not one')
      const body = questionFor(role)
      const headers: HeaderList = ['content-type', 'application/x-www-form-urlencoded']
      const request = { method: 'POST', url, headers, body: Buffer.from(body) } as const
      const signed = sign(request, credentials, { region, service: 'sts', nowMs })
      const { status, text } = await fetchText({ method: 'POST', url, headers: withoutHost(signed), body })
      if (status !== 200) throw new Error(`${url} answers ${status}${refusalIn(text)}`)
      return credentialsIn(text, url)
    },
  }
}

function serviceIn(region: string): string {
  return `https://sts.${region}.amazonaws.com${region.startsWith('cn-') ? '.cn' : ''}/`
}

function questionFor({ arn, externalId }: RoleOptions): string {
  return new URLSearchParams({
    Action: 'AssumeRole',
    Version: '2011-06-15',
    RoleArn: arn,
    RoleSessionName: 'konnect',
    DurationSeconds: String(LIFETIME_S),
    ...(externalId === undefined ? {} : { ExternalId: externalId }),
  }).toString()
}

// Whoever sends writes the host.
const withoutHost = (headers: HeaderList): HeaderList =>
  headers.filter((_, index, all) => all[index - (index % 2)] !== 'host')

function credentialsIn(xml: string, url: string) {
  const parts = ['AccessKeyId', 'SecretAccessKey', 'SessionToken'].map((name) => elementIn(xml, name))
  const expiresAtMs = Date.parse(elementIn(xml, 'Expiration') ?? '')
  // None of the three holds a colon, which is what parts them.
  if (parts.some((part) => part === undefined || !/^[!-9;-~]+$/.test(part)) || Number.isNaN(expiresAtMs))
    throw new Error(`${url} answers without credentials`)
  return { apiKey: parts.join(':'), expiresAtMs }
}

function refusalIn(xml: string): string {
  const said = [elementIn(xml, 'Code'), elementIn(xml, 'Message')].filter((one) => one !== undefined)
  return said.length === 0 ? '' : `: ${said.join(', ').replace(/\s+/g, ' ').slice(0, LONGEST_REASON)}`
}

/** Text of the first element of this name that holds nothing but text. */
const elementIn = (xml: string, name: string): string | undefined =>
  new RegExp(`<${name}>([^<]*)</${name}>`).exec(xml)?.[1]?.trim()
