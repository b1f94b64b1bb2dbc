import { bearerHeaders } from '@konnect/ai'
import { closed } from '@konnect/contract'
import { defineVendor } from '@konnect/sdk'
import { Type } from 'typebox'

const GLOBAL_URL = 'https://aiplatform.googleapis.com'
const RAW_PREDICT = 'vertex-raw-predict'
const EMBED = 'vertex-embed'
const PREDICT = { whole: 'rawPredict', stream: 'streamRawPredict' }
const GENERATE = { whole: 'generateContent', stream: 'streamGenerateContent?alt=sse' }

/** Names of models that embed text: `text-embedding-005`, `gemini-embedding-001`. */
const EMBEDDING = /^[a-z0-9-]*embedding/

const isAnthropic = (model: string): boolean => model.startsWith('publishers/anthropic/models/')

/** Google's Vertex AI. See https://cloud.google.com/vertex-ai/generative-ai/docs/model-reference/inference. */
export const vertexAi = defineVendor({
  id: 'vertex-ai',
  title: 'Google Vertex AI',
  description: "Google's and Anthropic's models in a project of Google Cloud; the key is an OAuth access token.",
  dialects: ['gemini', RAW_PREDICT, EMBED],
  dialectsOf(model) {
    if (isAnthropic(model)) return [RAW_PREDICT]
    return [EMBEDDING.test(model) ? EMBED : 'gemini']
  },
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
  }),
  pricedAs: 'google',
  forwardHeaders: ['anthropic-beta'],
  target({ baseUrl, apiKey, headers, settings }, { dialect, model }) {
    const { project, location = 'global' } = settings
    const host = baseUrl === GLOBAL_URL ? hostOf(location) : baseUrl
    const url = `${host}/v1/projects/${project}/locations/${location}/${resourceOf(model)}`
    const credential = bearerHeaders({ apiKey, headers })
    if (dialect === EMBED) return { url: `${url}:predict`, headers: credential }
    const actions = dialect === RAW_PREDICT ? PREDICT : GENERATE
    return { url: `${url}:${actions.whole}`, streamUrl: `${url}:${actions.stream}`, headers: credential }
  },
})

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
    ? `publishers/google/models/${encodeURIComponent(model)}`
    : `endpoints/${encodeURIComponent(endpoint)}`
}
