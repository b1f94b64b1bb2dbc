import { describe, expect, it } from 'vitest'
import { bearerModels, publicModels } from './bearer-models.ts'
import { readVendorModels } from './vendor-models.ts'

const read = (answer: unknown) => readVendorModels(JSON.stringify(answer))

describe("a vendor's list of models", () => {
  it.each([
    ['under data', { object: 'list', data: [{ id: 'a' }, { id: 'b' }] }],
    ['under models', { models: [{ name: 'models/a' }, { name: 'b' }] }],
    ['by itself', [{ id: 'a' }, { id: 'b' }, { id: 'a' }]],
  ])('is read where it stands %s, each id once', (_where, answer) => {
    expect(read(answer)?.map(({ id }) => id)).toEqual(['a', 'b'])
  })

  it('gives what the vendor tells of a model', () => {
    expect(
      read({
        data: [
          {
            id: 'maker/rocket',
            name: 'Rocket',
            context_length: 128_000,
            architecture: { input_modalities: ['text', 'image'] },
            supported_parameters: ['tools', 'reasoning', 'temperature'],
          },
        ],
      }),
    ).toEqual([
      {
        id: 'maker/rocket',
        title: 'Rocket',
        contextWindow: 128_000,
        capabilities: ['vision', 'tools', 'reasoning'],
      },
    ])
    const gemini = {
      name: 'models/e',
      displayName: 'E',
      inputTokenLimit: 2048,
      supportedGenerationMethods: ['embedText'],
    }
    expect(read({ models: [gemini] })).toEqual([
      { id: 'e', title: 'E', contextWindow: 2048, capabilities: ['embeddings'] },
    ])
  })

  it('leaves unknown what neither the vendor nor anyone else tells', () => {
    expect(read({ data: [{ id: 'house-model' }] })).toEqual([
      { id: 'house-model', title: 'house-model', contextWindow: null, capabilities: null },
    ])
  })

  it.each(['<html>', '{}', '{"data":1}', '[1]', '{"data":[{"no":"id"}]}', `[{"id":"${'x'.repeat(513)}"}]`, ''])(
    'is not made of %.20s',
    (text) => {
      expect(readVendorModels(text)).toBeUndefined()
    },
  )

  it('may be empty, and ends where it is beyond all measure', () => {
    expect(read([])).toEqual([])
    expect(read(Array.from({ length: 6_000 }, (_, i) => ({ id: `m${i}` })))).toHaveLength(5_000)
  })

  it('is asked for below the base URL, with the key where one is needed', () => {
    const connection = { baseUrl: 'https://v.example/v1', apiKey: 'k', headers: ['x-team', 'a'] }
    expect(bearerModels.target(connection)).toEqual({
      url: 'https://v.example/v1/models',
      headers: ['authorization', 'Bearer k', 'x-team', 'a'],
    })
    expect(publicModels.isPublic).toBe(true)
  })
})
