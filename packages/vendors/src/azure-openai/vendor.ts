import { bearerHeaders, dialectPath, withOperatorFields } from '@konnect/ai'
import { closed, type HeaderList, headerOf, UrlSchema } from '@konnect/contract'
import { defineVendor } from '@konnect/sdk'
import { type Static, Type } from 'typebox'
import { entraTokens } from './entra.ts'

const VERSION = '2024-10-21'

const settings = closed({
  apiVersion: Type.Optional(
    Type.String({
      title: 'API version',
      default: VERSION,
      pattern: '^[0-9]{4}-[0-9]{2}-[0-9]{2}(-preview)?$',
      description: 'Sent as api-version.',
    }),
  ),
  entraDirectory: Type.Optional(
    Type.String({
      title: 'Entra directory',
      pattern: '^[A-Za-z0-9][A-Za-z0-9.-]{0,252}$',
      description:
        'Id or domain of the directory of Microsoft Entra ID. The key is then the secret of the application below, and its access tokens are got and renewed.',
    }),
  ),
  clientId: Type.Optional(
    Type.String({
      title: 'Client id',
      pattern: '^[A-Za-z0-9-]{1,64}$',
      description: 'Of the application that is registered in the Entra directory.',
    }),
  ),
  tokenUrl: Type.Optional(
    UrlSchema({
      title: 'Token URL',
      description: 'Where access tokens are got, e.g. in a sovereign cloud. That of the public cloud when left out.',
      'x-advanced': true,
    }),
  ),
})

/**
 * OpenAI models in a resource of Azure. The upstream model is the name of the deployment. See
 * https://learn.microsoft.com/en-us/azure/ai-services/openai/reference.
 */
export const azureOpenai = defineVendor({
  id: 'azure-openai',
  title: 'Azure OpenAI',
  description: 'OpenAI models in a resource of Azure; the upstream model is the name of the deployment.',
  dialects: ['openai-chat', 'openai-embeddings', 'openai-realtime'],
  needsApiKey: true,
  keyVariable: 'AZURE_OPENAI_API_KEY',
  settings,
  pricedAs: 'azure',
  storage: {
    kinds: ['files', 'batches'],
    batchPercent: 50,
    target: ({ baseUrl, apiKey, headers, settings }, kind) => ({
      url: `${baseUrl}/openai/${kind}?api-version=${settings.apiVersion ?? VERSION}`,
      headers: credentialOf({ apiKey, headers, settings }),
    }),
  },
  // The operator's own fields go before the key.
  temporaryKeys({ apiKey, headers, settings: { entraDirectory: directory, clientId, tokenUrl } }) {
    if (apiKey === undefined || directory === undefined || hasCredential(headers)) return undefined
    return entraTokens(apiKey, { directory, clientId, tokenUrl })
  },
  target({ baseUrl, apiKey, headers, settings }, { dialect, model }) {
    const credential = credentialOf({ apiKey, headers, settings })
    // Sessions are a part of the API that has no dated versions; their query names the deployment.
    if (dialect === 'openai-realtime')
      return { url: `${baseUrl}/openai/v1${dialectPath(dialect)}`, headers: credential }
    const version = settings.apiVersion ?? VERSION
    return {
      url: `${baseUrl}/openai/deployments/${encodeURIComponent(model)}${dialectPath(dialect)}?api-version=${version}`,
      headers: credential,
    }
  },
})

interface AzureConnection {
  readonly apiKey: string | undefined
  readonly headers: HeaderList
  readonly settings: Static<typeof settings>
}

/** Tokens of Entra go where tokens go, keys of the resource into a field of their own. */
function credentialOf({ apiKey, headers, settings: { entraDirectory } }: AzureConnection): HeaderList {
  // A secret of an application is for Entra alone.
  if (entraDirectory !== undefined) return hasCredential(headers) ? headers : bearerHeaders({ apiKey, headers })
  return withOperatorFields(apiKey === undefined ? [] : ['api-key', apiKey], headers)
}

const hasCredential = (headers: HeaderList): boolean =>
  headerOf(headers, 'authorization') !== undefined || headerOf(headers, 'api-key') !== undefined
