import { bearerTarget, requestAccessToken } from '@konnect/ai'
import { closed, headerOf, UrlSchema } from '@konnect/contract'
import { defineVendor } from '@konnect/sdk'
import { Type } from 'typebox'

/** Where IBM Cloud hands out access tokens. See https://cloud.ibm.com/docs/iam?topic=iam-iamtoken_from_apikey. */
const IAM_URL = 'https://iam.cloud.ibm.com/identity/token'

/** IBM watsonx.ai. See https://www.ibm.com/docs/en/watsonx/saas?topic=generation-inferencing-gateway-models. */
export const watsonx = defineVendor({
  id: 'watsonx',
  title: 'IBM watsonx.ai',
  description: 'The model gateway of IBM watsonx.ai.',
  dialects: ['openai-chat', 'openai-embeddings'],
  needsApiKey: true,
  keyVariable: 'WATSONX_AI_BEARER_TOKEN',
  settings: closed({
    iam: Type.Optional(
      Type.Boolean({
        title: 'API key of IBM Cloud',
        default: false,
        description:
          'The key is an API key of IBM Cloud, whose access tokens are got and renewed, rather than one such token.',
      }),
    ),
    tokenUrl: Type.Optional(
      UrlSchema({
        title: 'Token URL',
        default: IAM_URL,
        description: 'Where access tokens are got.',
        'x-advanced': true,
      }),
    ),
  }),
  // The operator's own Authorization field goes before the key.
  temporaryKeys({ apiKey, headers, settings: { iam = false, tokenUrl: url = IAM_URL } }) {
    if (apiKey === undefined || !iam || headerOf(headers, 'authorization') !== undefined) return undefined
    const form = { grant_type: 'urn:ibm:params:oauth:grant-type:apikey', apikey: apiKey }
    return {
      dependsOn: [apiKey, url],
      obtain: (fetchText, nowMs) => requestAccessToken(fetchText, { url, form }, nowMs),
    }
  },
  target: bearerTarget,
})
