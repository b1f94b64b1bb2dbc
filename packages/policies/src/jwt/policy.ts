import { GatewayError, type JsonObject, parseDurationMs } from '@konnect/contract'
import { definePolicy, type Exchange, type PolicyContext } from '@konnect/sdk'
import { errors, type JWTHeaderParameters, type JWTVerifyOptions, jwtVerify } from 'jose'
import { type FoundKey, KeySet } from './key-set.ts'
import { algorithmsOf, isSymmetric, type JwtSettings, JwtSettingsSchema } from './settings.ts'
import { readToken, removeToken } from './token.ts'

const CHALLENGE = ['www-authenticate', 'Bearer']
const REFUSAL = ['www-authenticate', 'Bearer error="invalid_token"']

/** Identifies the application by the claims of a signed token. */
export const jwt = definePolicy({
  id: 'jwt',
  title: 'JSON Web Token',
  description: 'Identifies the calling application by the claims of a signed token.',
  settings: JwtSettingsSchema,
  phases: ['identify', 'admit'],
  failure: 'closed',
  compile(settings, context) {
    const verify = compileVerifier(settings, context)
    const header = (settings.header ?? 'authorization').toLowerCase()
    const verified = Symbol('jwt')

    const identifyAs = (exchange: Exchange, claims: JsonObject): void => {
      const principal = context.directory.findByClaims(exchange.place.tenantId, claims)
      if (principal !== undefined) exchange.principal = { ...principal, claims }
      else if (settings.requireApplication ?? true) {
        throw new GatewayError('credential_invalid', {
          detail: 'The token is valid but belongs to no application.',
          headers: REFUSAL,
        })
      }
      exchange.notes.set(verified, true)
      if (settings.hideCredential === true) removeToken(exchange.request.headers, header)
    }
    return {
      identify(exchange) {
        if (exchange.principal !== undefined) return
        const token = readToken(exchange.request.headers, header)
        if (token === undefined) return
        return verify(token).then((claims) => identifyAs(exchange, claims))
      },
      ...(settings.required === true ? { admit: (exchange: Exchange) => requireCredential(exchange, verified) } : {}),
    }
  },
})

function requireCredential(exchange: Exchange, verified: symbol): void {
  if (exchange.principal !== undefined || exchange.notes.has(verified)) return
  throw new GatewayError('credential_missing', { headers: CHALLENGE })
}

/** Resolves with the claims of a good token; rejects with `credential_invalid` or `dependency_unavailable`. */
function compileVerifier(settings: JwtSettings, context: PolicyContext): (token: string) => Promise<JsonObject> {
  const findKey = compileKeys(settings, context)
  const options: JWTVerifyOptions = {
    algorithms: algorithmsOf(settings),
    clockTolerance: parseDurationMs(settings.clockSkew ?? '30s') / 1000,
    requiredClaims: (settings.requireExpiry ?? true) ? ['exp'] : [],
    ...(settings.issuer === undefined ? {} : { issuer: settings.issuer }),
    ...(settings.audience === undefined ? {} : { audience: settings.audience }),
  }
  return async (token) => {
    try {
      const { payload } = await jwtVerify(token, findKey, { ...options, currentDate: new Date(context.now()) })
      return payload as JsonObject
    } catch (error) {
      throw refusalOf(error)
    }
  }
}

// The algorithm decides which kind of key is used: a public key can never pass for a shared secret.
function compileKeys(settings: JwtSettings, context: PolicyContext) {
  const secret = settings.secret === undefined ? undefined : new TextEncoder().encode(settings.secret)
  const keys = settings.jwksUrl === undefined ? undefined : sharedKeySet(settings.jwksUrl, context)
  const freshMs = parseDurationMs(settings.refreshAfter ?? '10m')
  const ages = { freshMs, usableMs: Math.max(freshMs, parseDurationMs(settings.keepFor ?? '24h')) }
  return async (header: JWTHeaderParameters): Promise<FoundKey | Uint8Array> => {
    if (isSymmetric(header.alg) && secret !== undefined) return secret
    if (!isSymmetric(header.alg) && keys !== undefined) return await keys.find(header, ages)
    throw new errors.JOSEAlgNotAllowed(`No key for ${header.alg}`)
  }
}

const sharedKeySet = (url: string, context: PolicyContext): KeySet =>
  context.shared(`jwt:keys:${url}`, () => {
    const { fetchJson, logger } = context
    return new KeySet({ url, fetchJson, logger, now: () => context.now() })
  })

function refusalOf(error: unknown): GatewayError {
  if (error instanceof GatewayError) return error
  if (!(error instanceof errors.JOSEError)) return unusableKey(error)
  return new GatewayError('credential_invalid', {
    ...(error instanceof errors.JWTExpired ? { detail: 'The token has expired.' } : {}),
    reason: `jwt: ${error.message}`,
    headers: REFUSAL,
    cause: error,
  })
}

// Faults of a token are JOSE errors; anything else is a published key that cannot be imported.
const unusableKey = (cause: unknown): GatewayError =>
  new GatewayError('dependency_unavailable', {
    reason: `jwt: unusable key: ${cause instanceof Error ? cause.message : String(cause)}`,
    cause,
  })
