import { closed, headerOf } from '@konnect/contract'
import { defineVendor } from '@konnect/sdk'
import { Type } from 'typebox'
import { type Credentials, sign } from './signature.ts'

const DEFAULT_REGION = 'us-east-1'
const SERVICE = 'bedrock'

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
})

/** Amazon Bedrock. */
export const amazonBedrock = defineVendor({
  id: 'amazon-bedrock',
  title: 'Amazon Bedrock',
  description:
    "Amazon's service for models of many makers: Converse. The key is a Bedrock API key, or ACCESS_KEY_ID:SECRET_ACCESS_KEY.",
  dialects: ['bedrock-converse'],
  defaultBaseUrl: addressIn(DEFAULT_REGION),
  needsApiKey: true,
  keyVariable: 'AWS_BEARER_TOKEN_BEDROCK',
  settings,
  pricedAs: 'aws',
  target({ baseUrl, apiKey, headers, settings: { region = DEFAULT_REGION } }, { model }) {
    const base = baseUrl === addressIn(DEFAULT_REGION) ? addressIn(region) : baseUrl
    // Names of inference profiles are ARNs, with colons and slashes.
    const place = `${base}/model/${encodeURIComponent(model)}`
    const addresses = { url: `${place}/converse`, streamUrl: `${place}/converse-stream` }
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

function addressIn(region: string): string {
  return `https://bedrock-runtime.${region}.amazonaws.com${region.startsWith('cn-') ? '.cn' : ''}`
}

/** Credentials to sign with; `undefined` for a Bedrock API key, which holds no colon. */
function credentialsIn(apiKey: string): Credentials | undefined {
  const [accessKeyId = '', secretAccessKey, sessionToken] = apiKey.split(':')
  if (secretAccessKey === undefined) return undefined
  return { accessKeyId, secretAccessKey, ...(sessionToken ? { sessionToken } : {}) }
}
