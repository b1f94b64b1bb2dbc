import { bearerHeaders, bearerTarget } from '@konnect/ai'
import { closed, type HeaderList } from '@konnect/contract'
import { defineVendor } from '@konnect/sdk'
import { Type } from 'typebox'

interface AccountSettings {
  readonly organization?: string
  readonly project?: string
}

const accountFields = ({ organization, project }: AccountSettings): HeaderList => [
  ...(organization === undefined ? [] : ['openai-organization', organization]),
  ...(project === undefined ? [] : ['openai-project', project]),
]

/** OpenAI's own API. */
export const openai = defineVendor({
  id: 'openai',
  title: 'OpenAI',
  description: "OpenAI's API: chat, embeddings, images, audio, moderation and realtime sessions.",
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
    'openai-realtime',
  ],
  forwardHeaders: ['openai-beta', 'openai-safety-identifier'],
  defaultBaseUrl: 'https://api.openai.com/v1',
  needsApiKey: true,
  keyVariable: 'OPENAI_API_KEY',
  settings: closed({
    organization: Type.Optional(
      Type.String({ title: 'Organization', minLength: 1, description: 'Sent as OpenAI-Organization.' }),
    ),
    project: Type.Optional(Type.String({ title: 'Project', minLength: 1, description: 'Sent as OpenAI-Project.' })),
  }),
  storage: {
    kinds: ['files', 'batches', 'responses'],
    batchPercent: 50,
    target: (connection, kind) => ({
      url: `${connection.baseUrl}/${kind}`,
      headers: bearerHeaders(connection, accountFields(connection.settings)),
    }),
  },
  models: {
    target: (connection) => ({
      url: `${connection.baseUrl}/models`,
      headers: bearerHeaders(connection, accountFields(connection.settings)),
    }),
  },
  target: (connection, request) => bearerTarget(connection, request, accountFields(connection.settings)),
})
