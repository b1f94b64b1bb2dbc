import { createHmac, timingSafeEqual } from 'node:crypto'

const PREFIX = 'kn_play_'
const LIFETIME_MS = 60_000

/** Whom a playground token speaks for. */
export interface PlaygroundSubject {
  readonly tenantId: string
  readonly applicationId: string
}

/** Short-lived credentials with which the console tries things as an application, without any of its keys. */
export interface PlaygroundTokens {
  /** Good for one minute. */
  mint(subject: PlaygroundSubject): string
  /** Undefined for anything that was not minted here or has expired. */
  verify(token: string): PlaygroundSubject | undefined
}

/** Tokens are `kn_play_<payload>.<HMAC-SHA256>`, both base64url. */
export function createPlaygroundTokens(key: Buffer, now: () => number = Date.now): PlaygroundTokens {
  const macOf = (payload: string): Buffer => createHmac('sha256', key).update(payload).digest()
  return {
    mint({ tenantId, applicationId }) {
      const payload = Buffer.from(JSON.stringify([tenantId, applicationId, now() + LIFETIME_MS])).toString('base64url')
      return `${PREFIX}${payload}.${macOf(payload).toString('base64url')}`
    },
    verify(token) {
      if (!token.startsWith(PREFIX)) return undefined
      const [payload = '', mac = ''] = token.slice(PREFIX.length).split('.')
      const expected = macOf(payload)
      const given = Buffer.from(mac, 'base64url')
      if (given.length !== expected.length || !timingSafeEqual(given, expected)) return undefined
      const [tenantId, applicationId, expiresAtMs] = JSON.parse(Buffer.from(payload, 'base64url').toString()) as [
        string,
        string,
        number,
      ]
      return expiresAtMs > now() ? { tenantId, applicationId } : undefined
    },
  }
}
