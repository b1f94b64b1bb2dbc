import { bearerTarget } from '@konnect/ai'
import { closed } from '@konnect/contract'
import { defineVendor } from '@konnect/sdk'
import { Type } from 'typebox'

/** OpenAI's own API. */
export const openai = defineVendor({
  id: 'openai',
  title: 'OpenAI',
  description: "OpenAI's API: chat, embeddings, images, audio and moderation.",
  dialects: [
    'openai-chat',
    'openai-responses',
    'openai-embeddings',
    'openai-images',
    'openai-image-edits',
    'openai-speech',
    'openai-transcriptions',
    'openai-translations',
    'openai-moderations',
  ],
  defaultBaseUrl: 'https://api.openai.com/v1',
  needsApiKey: true,
  keyVariable: 'OPENAI_API_KEY',
  settings: closed({
    organization: Type.Optional(
      Type.String({ title: 'Organization', minLength: 1, description: 'Sent as OpenAI-Organization.' }),
    ),
    project: Type.Optional(Type.String({ title: 'Project', minLength: 1, description: 'Sent as OpenAI-Project.' })),
  }),
  target(connection, request) {
    const { organization, project } = connection.settings
    return bearerTarget(connection, request, [
      ...(organization === undefined ? [] : ['openai-organization', organization]),
      ...(project === undefined ? [] : ['openai-project', project]),
    ])
  },
})
