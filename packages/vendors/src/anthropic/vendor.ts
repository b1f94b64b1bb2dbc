import { headerOf } from '@konnect/contract'
import { defineVendor } from '@konnect/sdk'
import { Type } from 'typebox'

const VERSION = '2023-06-01'

/** Anthropic's own API. */
export const anthropic = defineVendor({
  id: 'anthropic',
  title: 'Anthropic',
  description: "Anthropic's API: Messages.",
  dialects: ['anthropic-messages'],
  defaultBaseUrl: 'https://api.anthropic.com',
  needsApiKey: true,
  keyVariable: 'ANTHROPIC_API_KEY',
  settings: Type.Object({}, { additionalProperties: false }),
  forwardHeaders: ['anthropic-version', 'anthropic-beta'],
  target({ baseUrl, apiKey, headers }) {
    return {
      url: `${baseUrl}/v1/messages`,
      headers: [
        ...(apiKey === undefined ? [] : ['x-api-key', apiKey]),
        ...(headerOf(headers, 'anthropic-version') === undefined ? ['anthropic-version', VERSION] : []),
        ...headers,
      ],
    }
  },
})
