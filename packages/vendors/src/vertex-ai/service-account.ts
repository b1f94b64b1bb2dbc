import { createSign } from 'node:crypto'
import { requestAccessToken } from '@konnect/ai'
import { isJsonObject, type JsonObject } from '@konnect/contract'
import type { TemporaryKeySource } from '@konnect/sdk'

/** Where Google hands out access tokens. */
export const GOOGLE_TOKEN_URL = 'https://oauth2.googleapis.com/token'

const SCOPE = 'https://www.googleapis.com/auth/cloud-platform'
const LIFETIME_S = 3_600

/** What is needed of the key file of a service account. */
interface ServiceAccount {
  readonly email: string
  readonly keyId: string | undefined
  /** PEM. */
  readonly privateKey: string
}

/** True for the JSON text of a key file; access tokens look otherwise. */
export const isKeyFile = (apiKey: string): boolean => apiKey.trimStart().startsWith('{')

/**
 * Access tokens of a service account, whose key file is the JSON text `keyFile` (RFC 7523 §2.1). Only `tokenUrl` is asked,
 * whatever address the file names. See https://developers.google.com/identity/protocols/oauth2/service-account.
 */
export function serviceAccountTokens(keyFile: string, tokenUrl: string): TemporaryKeySource {
  return {
    dependsOn: [keyFile, tokenUrl],
    async obtain(fetchText, nowMs) {
      const assertion = signedAssertion(serviceAccountIn(keyFile), tokenUrl, Math.floor(nowMs / 1000))
      const form = { grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', assertion }
      return await requestAccessToken(fetchText, { url: tokenUrl, form }, nowMs)
    },
  }
}

function serviceAccountIn(keyFile: string): ServiceAccount {
  const file = jsonIn(keyFile)
  const { type, client_email: email, private_key: privateKey, private_key_id: keyId } = file
  if (type !== 'service_account') throw new Error('the key file is not that of a service account')
  if (typeof email !== 'string' || typeof privateKey !== 'string')
    throw new Error('the key file of the service account lacks client_email or private_key')
  return { email, privateKey, keyId: typeof keyId === 'string' ? keyId : undefined }
}

// The parser's own words would repeat part of the file.
function jsonIn(keyFile: string): JsonObject {
  try {
    const file: unknown = JSON.parse(keyFile)
    if (isJsonObject(file)) return file
  } catch {
    // Said below, as of every other text that is no object.
  }
  throw new Error('the key file of the service account is not a JSON object')
}

/** A JSON Web Token with RS256 (RFC 7515 §3.1, RFC 7519). */
function signedAssertion({ email, keyId, privateKey }: ServiceAccount, audience: string, nowS: number): string {
  const header = { alg: 'RS256', typ: 'JWT', ...(keyId === undefined ? {} : { kid: keyId }) }
  const claims = { iss: email, scope: SCOPE, aud: audience, iat: nowS, exp: nowS + LIFETIME_S }
  const content = `${base64Url(header)}.${base64Url(claims)}`
  return `${content}.${signatureOf(content, privateKey)}`
}

function signatureOf(content: string, privateKey: string): string {
  try {
    return createSign('RSA-SHA256').update(content).sign(privateKey, 'base64url')
  } catch {
    throw new Error('the private key of the service account cannot be read')
  }
}

const base64Url = (part: object): string => Buffer.from(JSON.stringify(part)).toString('base64url')
