import { closed, DurationSchema, GatewayError, OneOf, SecretSchema, UrlSchema } from '@konnect/contract'
import { type Static, Type } from 'typebox'
import { FIELD_NAME_PATTERN } from '../header-name.ts'

/** Signature algorithms (RFC 7518, RFC 8037) that may be allowed; `none` is not among them. */
const ALGORITHMS = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
  'HS256',
  'HS384',
  'HS512',
] as const

export const JwtSettingsSchema = closed({
  issuer: Type.Optional(
    Type.Union(
      [Type.String({ minLength: 1 }), Type.Array(Type.String({ minLength: 1 }), { minItems: 1, maxItems: 32 })],
      {
        title: 'Issuer',
        description: 'What iss must be. Any issuer of a known key when left out.',
        examples: ['https://login.example.com/'],
      },
    ),
  ),
  audience: Type.Optional(
    Type.Union(
      [Type.String({ minLength: 1 }), Type.Array(Type.String({ minLength: 1 }), { minItems: 1, maxItems: 32 })],
      {
        title: 'Audience',
        description: 'What aud must hold, at least one of these.',
      },
    ),
  ),
  jwksUrl: Type.Optional(
    UrlSchema({
      title: 'Key set URL',
      description: 'Where the issuer publishes its public keys (JWKS).',
      examples: ['https://login.example.com/.well-known/jwks.json'],
    }),
  ),
  secret: Type.Optional(
    SecretSchema({
      title: 'Shared secret',
      description: 'For HS256, HS384 and HS512; at least 32 characters.',
      minLength: 32,
    }),
  ),
  algorithms: Type.Optional(
    Type.Array(OneOf(ALGORITHMS), {
      title: 'Algorithms',
      description: 'Signatures that are accepted. RS256 and ES256 with a key set, HS256 with a secret, when left out.',
      minItems: 1,
      uniqueItems: true,
    }),
  ),
  header: Type.Optional(
    Type.String({
      title: 'Header',
      description: 'Field the token is read from. In Authorization it follows the scheme Bearer.',
      pattern: FIELD_NAME_PATTERN,
      default: 'authorization',
      'x-advanced': true,
    }),
  ),
  clockSkew: Type.Optional(
    DurationSchema({
      title: 'Clock skew',
      description: 'Tolerance for exp, nbf and iat.',
      default: '30s',
      'x-advanced': true,
    }),
  ),
  requireExpiry: Type.Optional(
    Type.Boolean({
      title: 'Require expiry',
      description: 'Refuse tokens without exp.',
      default: true,
      'x-advanced': true,
    }),
  ),
  requireApplication: Type.Optional(
    Type.Boolean({
      title: 'Require application',
      description:
        'Refuse valid tokens whose claims match no application. Off: they pass as anonymous, for public APIs.',
      default: true,
    }),
  ),
  required: Type.Optional(
    Type.Boolean({
      title: 'Required',
      description: 'Refuse requests without a credential even where the API is public.',
      default: false,
    }),
  ),
  hideCredential: Type.Optional(
    Type.Boolean({
      title: 'Hide credential',
      description: 'Remove the token before the request goes upstream.',
      default: false,
    }),
  ),
  refreshAfter: Type.Optional(
    DurationSchema({
      title: 'Refresh keys after',
      description: 'Fetched again in the background; unknown keys are looked up at once.',
      default: '10m',
      'x-advanced': true,
    }),
  ),
  keepFor: Type.Optional(
    DurationSchema({
      title: 'Keep keys for',
      description: 'How long known keys are used while the issuer cannot be reached.',
      default: '24h',
      'x-advanced': true,
    }),
  ),
})
export type JwtSettings = Static<typeof JwtSettingsSchema>

/** Algorithms to accept. Throws `snapshot_invalid` when settings do not fit together. */
export function algorithmsOf({ algorithms, jwksUrl, secret }: JwtSettings): string[] {
  if (jwksUrl === undefined && secret === undefined) throw invalid('either jwksUrl or secret is needed.')
  const chosen: string[] = algorithms ?? [
    ...(jwksUrl === undefined ? [] : ['RS256', 'ES256']),
    ...(secret === undefined ? [] : ['HS256']),
  ]
  for (const algorithm of chosen) {
    if (isSymmetric(algorithm) && secret === undefined) throw invalid(`${algorithm} needs a secret.`)
    if (!isSymmetric(algorithm) && jwksUrl === undefined) throw invalid(`${algorithm} needs a jwksUrl.`)
  }
  return chosen
}

/** True for algorithms that sign and verify with the same secret. */
export const isSymmetric = (algorithm: string): boolean => algorithm.startsWith('HS')

const invalid = (fault: string) => new GatewayError('snapshot_invalid', { detail: `jwt: ${fault}` })
