import { bearerModels, bearerTarget } from '@konnect/ai'
import { closed } from '@konnect/contract'
import { defineVendor } from '@konnect/sdk'

/** Xinference. See https://inference.readthedocs.io/en/latest/getting_started/using_xinference.html. */
export const xinference = defineVendor({
  id: 'xinference',
  title: 'Xinference',
  description: 'An Xinference server or cluster.',
  dialects: ['openai-chat', 'openai-embeddings'],
  defaultBaseUrl: 'http://localhost:9997/v1',
  needsApiKey: false,
  settings: closed({}),
  models: bearerModels,
  target: bearerTarget,
})
