import { validate } from '@konnect/contract'
import { describe, expect, it } from 'vitest'
import { vertexAi } from './vendor.ts'

const BASE = 'https://aiplatform.googleapis.com'
const target = (model: string, location?: string, baseUrl = BASE) =>
  vertexAi.target(
    {
      baseUrl,
      apiKey: 'token',
      headers: [],
      settings: { project: 'p-1', ...(location === undefined ? {} : { location }) },
    },
    { dialect: 'gemini', model },
  )

describe('vertex-ai', () => {
  it.each([
    [undefined, undefined],
    ['global', undefined],
    ['eu', 'eu'],
    ['europe-west4', 'eu-west4'],
    ['europe-west2', 'gb-europe-west2'],
    ['us-central1', 'us-central1'],
  ])('answers from %s in the region %s', (location, region) => {
    const settings = { project: 'p', ...(location === undefined ? {} : { location }) }
    expect(vertexAi.regionOf?.(settings, 'gemini-2.5-pro')).toBe(region)
  })

  it('names project, location and model in the address, with the token as a bearer token', () => {
    expect(target('gemini-2.5-flash')).toEqual({
      url: `${BASE}/v1/projects/p-1/locations/global/publishers/google/models/gemini-2.5-flash:generateContent`,
      streamUrl: `${BASE}/v1/projects/p-1/locations/global/publishers/google/models/gemini-2.5-flash:streamGenerateContent?alt=sse`,
      headers: ['authorization', 'Bearer token'],
    })
  })

  it.each(['text-embedding-005', 'gemini-embedding-001', 'text-multilingual-embedding-002'])(
    'asks for embeddings of %s as predictions',
    (model) => {
      expect(vertexAi.dialectsOf?.(model, { project: 'p-1' })).toEqual(['vertex-embed'])
      const connection = { baseUrl: BASE, apiKey: 'token', headers: [], settings: { project: 'p-1' } }
      expect(vertexAi.target(connection, { dialect: 'vertex-embed', model })).toEqual({
        url: `${BASE}/v1/projects/p-1/locations/global/publishers/google/models/${model}:predict`,
        headers: ['authorization', 'Bearer token'],
      })
    },
  )

  it.each([
    ['europe-west4', 'https://europe-west4-aiplatform.googleapis.com/'],
    ['eu', 'https://aiplatform.eu.rep.googleapis.com/'],
    ['global', `${BASE}/`],
  ])('calls the host of %s', (location, host) => {
    const { url } = target('m', location)
    expect(url.startsWith(host)).toBe(true)
    expect(url).toContain(`/locations/${location}/`)
  })

  it('leaves an address alone that the operator set', () => {
    expect(target('m', 'eu', 'https://proxy.example').url).toMatch(/^https:\/\/proxy\.example\/v1\/projects\/p-1\//)
  })

  it.each([
    ['endpoints/123', '/endpoints/123:generateContent'],
    ['publishers/meta/models/llama', '/publishers/meta/models/llama:generateContent'],
    ['../x', '/publishers/google/models/..%2Fx:generateContent'],
  ])('knows where %s is', (model, path) => {
    expect(target(model).url).toBe(`${BASE}/v1/projects/p-1/locations/global${path}`)
  })

  it("speaks Anthropic's own format to Anthropic's models, at addresses of their own", () => {
    const model = 'publishers/anthropic/models/claude-sonnet-4-5@20250929'
    const dialects = (name: string) => vertexAi.dialectsOf?.(name, { project: 'p-1' })
    expect(dialects(model)).toEqual(['vertex-raw-predict', 'vertex-anthropic-token-count'])
    expect(dialects('claude-sonnet-4-5')).toEqual(['vertex-raw-predict', 'vertex-anthropic-token-count'])
    expect(target('claude-sonnet-4-5').url).toContain('/publishers/anthropic/models/claude-sonnet-4-5:')
    expect(dialects('gemini-2.5-flash')).toEqual(['gemini', 'vertex-token-count'])
    expect(dialects('publishers/meta/models/llama')).toEqual(['gemini', 'vertex-token-count'])
    const { url, streamUrl } = vertexAi.target(
      { baseUrl: BASE, apiKey: 'token', headers: [], settings: { project: 'p-1', location: 'us-east5' } },
      { dialect: 'vertex-raw-predict', model },
    )
    const place =
      'https://us-east5-aiplatform.googleapis.com/v1/projects/p-1/locations/us-east5/publishers/anthropic/models/claude-sonnet-4-5%4020250929'
    expect([url, streamUrl]).toEqual([`${place}:rawPredict`, `${place}:streamRawPredict`])
  })

  it("counts tokens beside the address of answers, those of Anthropic's models with a model of their own", () => {
    const connection = { baseUrl: BASE, apiKey: 'token', headers: [], settings: { project: 'p-1' } }
    const counted = (dialect: string, model: string) =>
      vertexAi.target(connection, { dialect, model }).url.slice(`${BASE}/v1/projects/p-1/locations/global`.length)
    expect(counted('vertex-token-count', 'gemini-2.5-flash')).toBe(
      '/publishers/google/models/gemini-2.5-flash:countTokens',
    )
    expect(counted('vertex-anthropic-token-count', 'publishers/anthropic/models/claude-sonnet-4-5')).toBe(
      '/publishers/anthropic/models/count-tokens:rawPredict',
    )
  })

  it('needs a project, and settings cannot lead to another address', () => {
    expect(validate(vertexAi.settings, {})).toHaveLength(1)
    expect(validate(vertexAi.settings, { project: '../x' })).toHaveLength(1)
    expect(validate(vertexAi.settings, { project: 'p', location: 'evil.example/' })).toHaveLength(1)
  })

  it('gets tokens with a key file, and sends anything else as it is', () => {
    const connection = { baseUrl: BASE, headers: [], settings: { project: 'p-1' } }
    const sourceWith = (change: { apiKey?: string; headers?: string[] }) =>
      vertexAi.temporaryKeys?.({ ...connection, apiKey: '{"type":"service_account"}', ...change })
    expect(sourceWith({})?.dependsOn).toContain('{"type":"service_account"}')
    expect(sourceWith({ apiKey: 'ya29.token' })).toBeUndefined()
    expect(sourceWith({ headers: ['authorization', 'Bearer mine'] })).toBeUndefined()
  })
})
