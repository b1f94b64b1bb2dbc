import { closed, GatewayError } from '@konnect/contract'
import { definePolicy, type Exchange, type Principal } from '@konnect/sdk'
import { type Static, Type } from 'typebox'
import { FIELD_NAME_PATTERN } from '../header-name.ts'
import { type Credential, type CredentialPlace, readCredential, removeCredential } from './credential.ts'

const settings = closed({
  headers: Type.Optional(
    Type.Array(Type.String({ pattern: FIELD_NAME_PATTERN }), {
      title: 'Headers',
      description: 'Fields a key is read from. In Authorization the key follows the scheme Bearer.',
      default: ['authorization', 'x-api-key', 'x-goog-api-key'],
      maxItems: 16,
      uniqueItems: true,
    }),
  ),
  query: Type.Optional(
    Type.String({
      title: 'Query parameter',
      description: 'Also read the key from this parameter. Keys in addresses end up in logs: prefer a header.',
      pattern: '^[A-Za-z0-9._~-]{1,64}$',
      examples: ['api_key'],
      'x-advanced': true,
    }),
  ),
  hideCredential: Type.Optional(
    Type.Boolean({
      title: 'Hide credential',
      description: 'Remove the field the key was found in before the request goes upstream.',
      default: true,
    }),
  ),
  required: Type.Optional(
    Type.Boolean({
      title: 'Required',
      description: 'Refuse requests without a key even where the API is public.',
      default: false,
    }),
  ),
})

/** Longest key that a directory can hold; anything longer is not worth hashing. */
const MAX_KEY_LENGTH = 256
const CHALLENGE = ['www-authenticate', 'Bearer']

/** Identifies the application by its API key. */
export const keyAuth = definePolicy({
  id: 'key-auth',
  title: 'API key',
  description: 'Identifies the calling application by its API key.',
  settings,
  phases: ['identify', 'admit'],
  failure: 'none',
  isDefaultIdentity: true,
  compile(given, context) {
    const places = placesOf(given)
    const isHidden = given.hideCredential ?? true
    return {
      identify(exchange) {
        if (exchange.principal !== undefined) return
        let wasRefused = false
        for (const place of places) {
          const credential = readCredential(exchange.request, place)
          if (credential === undefined) continue
          const principal = findKey(credential)
          if (principal !== undefined) {
            admitAs(exchange, principal, credential, isHidden)
            return
          }
          wasRefused ||= !credential.isToken
        }
        if (wasRefused) throw new GatewayError('credential_invalid', { headers: CHALLENGE })
      },
      ...(given.required === true ? { admit: requirePrincipal } : {}),
    }

    function findKey({ value }: Credential): Principal | undefined {
      return value.length > MAX_KEY_LENGTH ? undefined : context.directory.findKey(value)
    }
  },
})

function placesOf(given: Static<typeof settings>): CredentialPlace[] {
  const headers = given.headers ?? ['authorization', 'x-api-key', 'x-goog-api-key']
  const places: CredentialPlace[] = headers.map((name) => ({ kind: 'header', name: name.toLowerCase() }))
  if (given.query !== undefined) places.push({ kind: 'query', name: given.query })
  return places
}

function admitAs(exchange: Exchange, principal: Principal, credential: Credential, isHidden: boolean): void {
  exchange.principal = principal
  if (isHidden) removeCredential(exchange.request, credential)
}

function requirePrincipal(exchange: Exchange): void {
  if (exchange.principal === undefined) throw new GatewayError('credential_missing', { headers: CHALLENGE })
}
