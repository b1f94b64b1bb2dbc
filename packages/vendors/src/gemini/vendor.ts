import { dialectPath } from '@konnect/ai'
import { closed, type HeaderList, headerOf } from '@konnect/contract'
import { defineVendor } from '@konnect/sdk'

const BATCH_EMBED = 'gemini-batch-embed'
const EMBED = 'gemini-embed'
const LIVE = 'gemini-live'
const TOKEN_COUNT = 'gemini-token-count'

/** Google's Gemini API, with keys from AI Studio. See https://ai.google.dev/api/generate-content. */
export const gemini = defineVendor({
  id: 'gemini',
  title: 'Google Gemini',
  description: "Google's Gemini API, with keys from AI Studio.",
  dialects: ['gemini', BATCH_EMBED, EMBED, TOKEN_COUNT, LIVE],
  defaultBaseUrl: 'https://generativelanguage.googleapis.com',
  needsApiKey: true,
  keyVariable: 'GEMINI_API_KEY',
  settings: closed({}),
  pricedAs: 'google',
  models: {
    target: ({ baseUrl, apiKey, headers }) => ({
      url: `${baseUrl}/v1beta/models?pageSize=1000`,
      headers: credentialOf(apiKey, headers),
    }),
  },
  target({ baseUrl, apiKey, headers }, { dialect, model }) {
    const url = `${baseUrl}/v1beta/${resourceOf(model)}`
    const credential = credentialOf(apiKey, headers)
    // The first message of a session names the model.
    if (dialect === LIVE) return { url: baseUrl + dialectPath(dialect), headers: credential }
    if (dialect === BATCH_EMBED) return { url: `${url}:batchEmbedContents`, headers: credential }
    if (dialect === EMBED) return { url: `${url}:embedContent`, headers: credential }
    if (dialect === TOKEN_COUNT) return { url: `${url}:countTokens`, headers: credential }
    return {
      url: `${url}:generateContent`,
      streamUrl: `${url}:streamGenerateContent?alt=sse`,
      headers: credential,
    }
  },
})

/** The operator's own key field goes before the key. */
function credentialOf(apiKey: string | undefined, own: HeaderList): HeaderList {
  const hasOwn = headerOf(own, 'x-goog-api-key') !== undefined
  return apiKey === undefined || hasOwn ? own : ['x-goog-api-key', apiKey, ...own]
}

// Tuned models are a collection of their own.
function resourceOf(model: string): string {
  const [, collection = 'models', name = model] = /^(models|tunedModels)\/(.+)$/s.exec(model) ?? []
  return `${collection}/${encodeURIComponent(name)}`
}
