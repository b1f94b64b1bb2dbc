import { closed, headerOf, UrlSchema } from '@konnect/contract'
import { defineVendor } from '@konnect/sdk'
import { Type } from 'typebox'
import { assumedRole } from './assumed-role.ts'
import { type Credentials, sign } from './signature.ts'

const DEFAULT_REGION = 'us-east-1'
const SERVICE = 'bedrock'
const CONVERSE = 'bedrock-converse'
const INVOKE = 'bedrock-invoke'
const EMBED = 'bedrock-embed'
const TOKEN_COUNT = 'bedrock-token-count'

/** Names of Anthropic's models: alone, behind a region, or within an ARN that says which model it is for. */
const ANTHROPIC = /(?:^|[./])anthropic\./

/** Names of models that embed text, wherever in an id or an ARN they stand. */
const EMBEDDING = /(?:cohere\.embed|amazon\.titan-embed-text)-/

const settings = closed({
  region: Type.Optional(
    Type.String({
      title: 'Region',
      pattern: '^[a-z]{2,}(-[a-z]+)+-[0-9]{1,2}$',
      default: DEFAULT_REGION,
      examples: ['eu-central-1'],
      description: 'Region of AWS where the models run; part of the address and of every signature.',
    }),
  ),
  format: Type.Optional(
    Type.Union([Type.Literal('auto'), Type.Literal('converse'), Type.Literal('invoke')], {
      title: 'Format',
      default: 'auto',
      description:
        "How models are called: invoke speaks the format of Anthropic's models and serves only those, converse serves every model. Auto chooses by the name of the model.",
      'x-advanced': true,
    }),
  ),
  roleArn: Type.Optional(
    Type.String({
      title: 'Role',
      pattern: '^arn:aws[a-z-]*:iam::[0-9]{12}:role/[A-Za-z0-9+=,.@_/-]{1,512}$',
      examples: ['arn:aws:iam::123456789012:role/konnect'],
      description:
        'ARN of a role to assume with the access keys; its temporary credentials are renewed. None when left out.',
    }),
  ),
  externalId: Type.Optional(
    Type.String({
      title: 'External id',
      pattern: '^[A-Za-z0-9+=,.@:/_-]{2,1224}$',
      description: 'What the trust policy of the role demands of whoever assumes it.',
      'x-advanced': true,
    }),
  ),
  stsUrl: Type.Optional(
    UrlSchema({
      title: 'Security Token Service',
      description: 'Where the role is assumed, e.g. a VPC endpoint. The public address of the region when left out.',
      'x-advanced': true,
    }),
  ),
})

/** Where profiles that span regions process content; the one of the whole world is nowhere in particular. */
const PROFILES: Readonly<Record<string, string>> = {
  us: 'us',
  'us-gov': 'us-gov',
  eu: 'eu',
  apac: 'ap',
  jp: 'ap-northeast',
  au: 'ap-southeast',
  ca: 'ca',
}

/** Regions whose name begins with `eu` although they are not in the European Union: London and Zurich. */
const OUTSIDE_OF_THE_UNION: Readonly<Record<string, string>> = {
  'eu-west-2': 'gb-eu-west-2',
  'eu-central-2': 'ch-eu-central-2',
}

/** Amazon Bedrock. */
export const amazonBedrock = defineVendor({
  id: 'amazon-bedrock',
  title: 'Amazon Bedrock',
  description:
    "Amazon's service for models of many makers: Converse, for Anthropic's and for embeddings their own format. The key is a Bedrock API key, or ACCESS_KEY_ID:SECRET_ACCESS_KEY.",
  dialects: [CONVERSE, INVOKE, EMBED, TOKEN_COUNT],
  dialectsOf(model, { format = 'auto' }) {
    if (EMBEDDING.test(model)) return [EMBED]
    const isInvoked = format === 'invoke' || (format === 'auto' && ANTHROPIC.test(model))
    const chat = isInvoked ? INVOKE : CONVERSE
    return ANTHROPIC.test(model) ? [chat, TOKEN_COUNT] : [chat]
  },
  // A profile sends requests to any region of its continent, or of the world.
  regionOf({ region = DEFAULT_REGION }, model) {
    const [, profile] = /(?:^|\/)(global|us|us-gov|eu|apac|jp|au|ca)\./.exec(model) ?? []
    if (profile === undefined) return OUTSIDE_OF_THE_UNION[region] ?? region
    return PROFILES[profile]
  },
  defaultBaseUrl: addressIn(DEFAULT_REGION),
  needsApiKey: true,
  keyVariable: 'AWS_BEARER_TOKEN_BEDROCK',
  settings,
  pricedAs: 'aws',
  fields: { drop: ['service_tier', 'inference_geo', 'container', 'mcp_servers'] },
  temporaryKeys({ apiKey, headers, settings: { region = DEFAULT_REGION, roleArn, externalId, stsUrl } }) {
    if (apiKey === undefined || roleArn === undefined || headerOf(headers, 'authorization') !== undefined)
      return undefined
    return assumedRole(credentialsIn(apiKey), { arn: roleArn, externalId, region, stsUrl })
  },
  target({ baseUrl, apiKey, headers, settings: { region = DEFAULT_REGION } }, { dialect, model }) {
    const base = baseUrl === addressIn(DEFAULT_REGION) ? addressIn(region) : baseUrl
    // Names of inference profiles are ARNs, with colons and slashes.
    const place = `${base}/model/${encodeURIComponent(dialect === TOKEN_COUNT ? withoutRegion(model) : model)}`
    const addresses = addressesOf(dialect, place)
    // The operator's own Authorization field goes before the key.
    if (apiKey === undefined || headerOf(headers, 'authorization') !== undefined) return { ...addresses, headers }
    const credentials = credentialsIn(apiKey)
    if (credentials === undefined) {
      return { ...addresses, headers: ['authorization', `Bearer ${apiKey}`, ...headers] }
    }
    return {
      ...addresses,
      headers,
      sign: (request, nowMs) => sign(request, credentials, { region, service: SERVICE, nowMs }),
    }
  },
})

function addressesOf(dialect: string, place: string): { readonly url: string; readonly streamUrl?: string } {
  if (dialect === TOKEN_COUNT) return { url: `${place}/count-tokens` }
  return dialect === CONVERSE
    ? { url: `${place}/converse`, streamUrl: `${place}/converse-stream` }
    : { url: `${place}/invoke`, streamUrl: `${place}/invoke-with-response-stream` }
}

/** The model behind a profile that spans regions: only models themselves count. */
const withoutRegion = (model: string): string => /anthropic\.[^/]+$/.exec(model)?.[0] ?? model

function addressIn(region: string): string {
  return `https://bedrock-runtime.${region}.amazonaws.com${region.startsWith('cn-') ? '.cn' : ''}`
}

/** Credentials to sign with; `undefined` for a Bedrock API key, which holds no colon. */
function credentialsIn(apiKey: string): Credentials | undefined {
  const [accessKeyId = '', secretAccessKey, sessionToken] = apiKey.split(':')
  if (secretAccessKey === undefined) return undefined
  return { accessKeyId, secretAccessKey, ...(sessionToken ? { sessionToken } : {}) }
}
