import { dialectPath, withOperatorFields } from '@konnect/ai'
import { closed } from '@konnect/contract'
import { defineVendor } from '@konnect/sdk'
import { Type } from 'typebox'

const VERSION = '2024-10-21'

/**
 * OpenAI models in a resource of Azure. The upstream model is the name of the deployment. See
 * https://learn.microsoft.com/en-us/azure/ai-services/openai/reference.
 */
export const azureOpenai = defineVendor({
  id: 'azure-openai',
  title: 'Azure OpenAI',
  description: 'OpenAI models in a resource of Azure; the upstream model is the name of the deployment.',
  dialects: ['openai-chat', 'openai-embeddings'],
  needsApiKey: true,
  keyVariable: 'AZURE_OPENAI_API_KEY',
  settings: closed({
    apiVersion: Type.Optional(
      Type.String({
        title: 'API version',
        default: VERSION,
        pattern: '^[0-9]{4}-[0-9]{2}-[0-9]{2}(-preview)?$',
        description: 'Sent as api-version.',
      }),
    ),
  }),
  pricedAs: 'azure',
  storage: {
    kinds: ['files', 'batches'],
    batchPercent: 50,
    target: ({ baseUrl, apiKey, headers, settings }, kind) => ({
      url: `${baseUrl}/openai/${kind}?api-version=${settings.apiVersion ?? VERSION}`,
      headers: withOperatorFields(apiKey === undefined ? [] : ['api-key', apiKey], headers),
    }),
  },
  target({ baseUrl, apiKey, headers, settings }, { dialect, model }) {
    const version = settings.apiVersion ?? VERSION
    return {
      url: `${baseUrl}/openai/deployments/${encodeURIComponent(model)}${dialectPath(dialect)}?api-version=${version}`,
      headers: withOperatorFields(apiKey === undefined ? [] : ['api-key', apiKey], headers),
    }
  },
})
