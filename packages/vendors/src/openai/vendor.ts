import { headerOf } from '@konnect/contract'
import { defineVendor } from '@konnect/sdk'
import { Type } from 'typebox'

/** OpenAI's own API. */
export const openai = defineVendor({
  id: 'openai',
  title: 'OpenAI',
  description: "OpenAI's API: Chat Completions.",
  dialects: ['openai-chat'],
  defaultBaseUrl: 'https://api.openai.com/v1',
  needsApiKey: true,
  keyVariable: 'OPENAI_API_KEY',
  settings: Type.Object(
    {
      organization: Type.Optional(
        Type.String({ title: 'Organization', minLength: 1, description: 'Sent as OpenAI-Organization.' }),
      ),
      project: Type.Optional(Type.String({ title: 'Project', minLength: 1, description: 'Sent as OpenAI-Project.' })),
    },
    { additionalProperties: false },
  ),
  // The operator's own Authorization field goes before the key.
  target({ baseUrl, apiKey, headers, settings }) {
    return {
      url: `${baseUrl}/chat/completions`,
      headers: [
        ...(apiKey === undefined || headerOf(headers, 'authorization') !== undefined
          ? []
          : ['authorization', `Bearer ${apiKey}`]),
        ...(settings.organization === undefined ? [] : ['openai-organization', settings.organization]),
        ...(settings.project === undefined ? [] : ['openai-project', settings.project]),
        ...headers,
      ],
    }
  },
})
