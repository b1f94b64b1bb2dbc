import { type HeaderList, headerOf } from '@konnect/contract'
import { defineVendor } from '@konnect/sdk'
import { Type } from 'typebox'

const VERSION = '2023-06-01'
const TOKEN_COUNT = 'anthropic-token-count'

const fieldsOf = (apiKey: string | undefined, own: HeaderList): HeaderList => [
  ...(apiKey === undefined ? [] : ['x-api-key', apiKey]),
  ...(headerOf(own, 'anthropic-version') === undefined ? ['anthropic-version', VERSION] : []),
  ...own,
]

/** Anthropic's own API. */
export const anthropic = defineVendor({
  id: 'anthropic',
  title: 'Anthropic',
  description: "Anthropic's API: Messages, and counting their tokens.",
  dialects: ['anthropic-messages', TOKEN_COUNT],
  defaultBaseUrl: 'https://api.anthropic.com',
  needsApiKey: true,
  keyVariable: 'ANTHROPIC_API_KEY',
  settings: Type.Object({}, { additionalProperties: false }),
  forwardHeaders: ['anthropic-version', 'anthropic-beta'],
  storage: {
    kinds: ['message-batches'],
    batchPercent: 50,
    target: ({ baseUrl, apiKey, headers }) => ({
      url: `${baseUrl}/v1/messages/batches`,
      headers: fieldsOf(apiKey, headers),
    }),
  },
  models: {
    target: ({ baseUrl, apiKey, headers }) => ({
      url: `${baseUrl}/v1/models?limit=1000`,
      headers: fieldsOf(apiKey, headers),
    }),
  },
  target({ baseUrl, apiKey, headers }, { dialect }) {
    return {
      url: `${baseUrl}/v1/messages${dialect === TOKEN_COUNT ? '/count_tokens' : ''}`,
      headers: fieldsOf(apiKey, headers),
    }
  },
})
