import { bearerHeaders } from '@konnect/ai'
import { closed, headerOf, UrlSchema } from '@konnect/contract'
import { defineVendor } from '@konnect/sdk'
import { Type } from 'typebox'
import { GOOGLE_TOKEN_URL, isKeyFile, serviceAccountTokens } from './service-account.ts'

const GLOBAL_URL = 'https://aiplatform.googleapis.com'
const RAW_PREDICT = 'vertex-raw-predict'
const EMBED = 'vertex-embed'
const TOKEN_COUNT = 'vertex-token-count'
const ANTHROPIC_TOKEN_COUNT = 'vertex-anthropic-token-count'
const ANTHROPIC_MODELS = 'publishers/anthropic/models'
const GOOGLE_MODELS = 'publishers/google/models'
/** The model that only counts for the others of its publisher. */
const COUNTER = `${ANTHROPIC_MODELS}/count-tokens`
const PREDICT = { whole: 'rawPredict', stream: 'streamRawPredict' }
const GENERATE = { whole: 'generateContent', stream: 'streamGenerateContent?alt=sse' }

/** Names of models that embed text: `text-embedding-005`, `gemini-embedding-001`. */
const EMBEDDING = /^[a-z0-9-]*embedding/

/** Anthropic's models, by their own name or in full. */
const ANTHROPIC = /^(?:publishers\/anthropic\/models\/|claude-)/

const isAnthropic = (model: string): boolean => ANTHROPIC.test(model)

/** Google's Vertex AI. See https://cloud.google.com/vertex-ai/generative-ai/docs/model-reference/inference. */
export const vertexAi = defineVendor({
  id: 'vertex-ai',
  title: 'Google Vertex AI',
  description:
    "Google's and Anthropic's models in a project of Google Cloud. The key is the JSON key file of a service account, whose access tokens are got and renewed, or one such token.",
  dialects: ['gemini', RAW_PREDICT, EMBED, TOKEN_COUNT, ANTHROPIC_TOKEN_COUNT],
  dialectsOf(model) {
    if (isAnthropic(model)) return [RAW_PREDICT, ANTHROPIC_TOKEN_COUNT]
    return EMBEDDING.test(model) ? [EMBED] : ['gemini', TOKEN_COUNT]
  },
  regionOf: ({ location = 'global' }) => regionAt(location),
  defaultBaseUrl: GLOBAL_URL,
  needsApiKey: true,
  keyVariable: 'VERTEX_AI_ACCESS_TOKEN',
  settings: closed({
    project: Type.String({
      title: 'Project',
      pattern: '^[a-z0-9][a-z0-9:.-]{0,99}$',
      description: 'Id or number of the project that is billed; part of the address.',
    }),
    location: Type.Optional(
      Type.String({
        title: 'Location',
        pattern: '^[a-z][a-z0-9-]{1,39}$',
        default: 'global',
        description: 'Region whose servers answer, e.g. europe-west4; part of the address.',
      }),
    ),
    tokenUrl: Type.Optional(
      UrlSchema({
        title: 'Token URL',
        default: GOOGLE_TOKEN_URL,
        description: 'Where access tokens of a service account are got; what the key file says is not followed.',
        'x-advanced': true,
      }),
    ),
  }),
  pricedAs: 'google',
  forwardHeaders: ['anthropic-beta'],
  // The operator's own Authorization field goes before the key.
  temporaryKeys({ apiKey, headers, settings: { tokenUrl = GOOGLE_TOKEN_URL } }) {
    if (apiKey === undefined || !isKeyFile(apiKey) || headerOf(headers, 'authorization') !== undefined) return undefined
    return serviceAccountTokens(apiKey, tokenUrl)
  },
  target({ baseUrl, apiKey, headers, settings }, { dialect, model }) {
    const { project, location = 'global' } = settings
    const host = baseUrl === GLOBAL_URL ? hostOf(location) : baseUrl
    const place = `${host}/v1/projects/${project}/locations/${location}`
    const url = `${place}/${resourceOf(model)}`
    const credential = bearerHeaders({ apiKey, headers })
    if (dialect === ANTHROPIC_TOKEN_COUNT) return { url: `${place}/${COUNTER}:rawPredict`, headers: credential }
    if (dialect === TOKEN_COUNT) return { url: `${url}:countTokens`, headers: credential }
    if (dialect === EMBED) return { url: `${url}:predict`, headers: credential }
    const actions = dialect === RAW_PREDICT ? PREDICT : GENERATE
    return { url: `${url}:${actions.whole}`, streamUrl: `${url}:${actions.stream}`, headers: credential }
  },
})

/** Regions of Europe that are not in the European Union: London and Zurich. */
const OUTSIDE_OF_THE_UNION: Readonly<Record<string, string>> = {
  'europe-west2': 'gb-europe-west2',
  'europe-west6': 'ch-europe-west6',
}

/** A location in words of residency rules: `europe-west4` is `eu-west4`; the global one is nowhere in particular. */
function regionAt(location: string): string | undefined {
  if (location === 'global') return undefined
  return OUTSIDE_OF_THE_UNION[location] ?? location.replace(/^europe-/, 'eu-')
}

// Regions have hosts of their own; so do the two that span a continent, under another name.
function hostOf(location: string): string {
  if (location === 'global') return GLOBAL_URL
  const isContinent = location === 'us' || location === 'eu'
  return isContinent
    ? `https://aiplatform.${location}.rep.googleapis.com`
    : `https://${location}-aiplatform.googleapis.com`
}

// Tuned and deployed models are endpoints; other publishers are named in full.
function resourceOf(model: string): string {
  const [, publisher, published] = /^publishers\/([^/]+)\/models\/(.+)$/s.exec(model) ?? []
  if (publisher !== undefined)
    return `publishers/${encodeURIComponent(publisher)}/models/${encodeURIComponent(published ?? '')}`
  const [, endpoint] = /^endpoints\/(.+)$/s.exec(model) ?? []
  return endpoint === undefined
    ? `${isAnthropic(model) ? ANTHROPIC_MODELS : GOOGLE_MODELS}/${encodeURIComponent(model)}`
    : `endpoints/${encodeURIComponent(endpoint)}`
}
