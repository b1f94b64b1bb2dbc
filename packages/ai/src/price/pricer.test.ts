import type { Usage } from '@konnect/contract'
import { calcPrice } from '@pydantic/genai-prices'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { NO_USAGE } from '../canonical/usage.ts'
import { listCatalogModels } from './catalog.ts'
import { costOf, createPricer, percentOfUsd, sumUsd } from './pricer.ts'

const use = (usage: Partial<Usage>): Usage => ({ ...NO_USAGE, ...usage })
const catalogVendor = 'anthropic'
const catalogModel = 'claude-sonnet-4-5'

describe('operator price', () => {
  const price = { input: 3, output: 15, cachedInput: 0.3, cacheWrite: 3.75 }

  it('is exact for every kind of token', () => {
    const usage = use({
      inputTokens: 1000,
      cachedInputTokens: 100,
      cacheWriteTokens: 10,
      cacheWriteLongTokens: 1,
      outputTokens: 7,
      reasoningTokens: 3,
    })
    // 889 × 3 + 100 × 0.3 + 11 × 3.75 + 7 × 15, in millionths
    expect(createPricer('any', 'any', price).costOf(usage)).toEqual({ usd: '0.00284325', source: 'operator' })
  })

  it('never sums floats: a third of a cent a million times stays exact', () => {
    expect(
      createPricer('any', 'any', { input: 0.1, output: 0.2 }).costOf(use({ inputTokens: 1, outputTokens: 1 })).usd,
    ).toBe('0.0000003')
  })

  it('counts cached input and cache writes as input where they have no price', () => {
    const usage = use({ inputTokens: 30, cachedInputTokens: 10, cacheWriteTokens: 10 })
    expect(createPricer('any', 'any', { input: 1, output: 1 }).costOf(usage).usd).toBe('0.00003')
  })

  it('goes before the catalog', () => {
    const cost = createPricer(catalogVendor, catalogModel, { input: 1, output: 1 }).costOf(
      use({ inputTokens: 1_000_000 }),
    )
    expect(cost).toEqual({ usd: '1', source: 'operator' })
  })

  it('may be zero, which is known and not unknown', () => {
    expect(createPricer('any', 'any', { input: 0, output: 0 }).costOf(use({ inputTokens: 5 }))).toEqual({
      usd: '0',
      source: 'operator',
    })
  })

  it('is unknown, not zero, for a kind of token that has no price', () => {
    expect(createPricer('any', 'any', { input: 1 }).costOf(use({ inputTokens: 1, outputTokens: 1 }))).toEqual({
      usd: null,
      source: null,
    })
  })
})

describe('catalog price', () => {
  const at = new Date('2026-01-15T00:00:00Z')
  const pricer = createPricer(catalogVendor, catalogModel)

  it('prices cache reads and cache writes by their lifetime', () => {
    const usage = use({
      inputTokens: 1000,
      cachedInputTokens: 100,
      cacheWriteTokens: 100,
      cacheWriteLongTokens: 100,
      outputTokens: 10,
    })
    // 700 × 3 + 100 × 0.3 + 100 × 3.75 + 100 × 6 + 10 × 15, in millionths
    expect(pricer.costOf(usage, at)).toEqual({ usd: '0.003255', source: 'catalog' })
  })

  it('takes the long-context tier for all tokens once the prompt is longer', () => {
    expect(pricer.costOf(use({ inputTokens: 200_000 }), at).usd).toBe('0.6')
    expect(pricer.costOf(use({ inputTokens: 200_001 }), at).usd).toBe('1.200006')
  })

  it.each([
    ['openai-compatible', 'gpt-4o'],
    ['openai', 'no-such-model'],
    ['nobody', 'gpt-4o'],
  ])('is unknown, not zero, for %s %s', (vendor, model) => {
    expect(costOf({ vendor, model, usage: use({ inputTokens: 5 }) })).toEqual({ usd: null, source: null })
  })

  it('agrees with the catalog itself for any usage, to float precision', () => {
    const count = fc.integer({ min: 0, max: 150_000 })
    fc.assert(
      fc.property(count, count, count, count, count, (plain, cached, write, long, output) => {
        const inputTokens = plain + cached + write + long
        const usage = use({
          inputTokens,
          cachedInputTokens: cached,
          cacheWriteTokens: write,
          cacheWriteLongTokens: long,
          outputTokens: output,
        })
        const expected = calcPrice(
          {
            input_tokens: inputTokens,
            cache_read_tokens: cached,
            cache_write_tokens: write + long,
            cache_write_1h_tokens: long,
            output_tokens: output,
          },
          catalogModel,
          { providerId: catalogVendor, timestamp: at },
        )
        expect(Number(pricer.costOf(usage, at).usd)).toBeCloseTo(expected?.total_price ?? Number.NaN, 9)
      }),
    )
  })
})

describe('listCatalogModels', () => {
  it('lists the models of a vendor with their prices', () => {
    const model = listCatalogModels(catalogVendor).find(({ id }) => id === catalogModel)
    expect(model).toMatchObject({ vendor: catalogVendor, input: 3, output: 15, cachedInput: 0.3, cacheWrite: 3.75 })
  })

  it('lists them under the vendor that the prices are asked for', () => {
    const listed = listCatalogModels(catalogVendor, 'acme')
    expect(listed.map(({ id }) => id)).toEqual(listCatalogModels(catalogVendor).map(({ id }) => id))
    expect(new Set(listed.map(({ vendor }) => vendor))).toEqual(new Set(['acme']))
  })

  it('lists nothing for a vendor that the catalog does not know, even when its name resembles one', () => {
    expect(listCatalogModels('openai-compatible')).toEqual([])
  })
})

describe('sound', () => {
  const spoken = use({
    inputTokens: 1000,
    inputAudioTokens: 700,
    cachedInputTokens: 300,
    cachedInputAudioTokens: 200,
    outputTokens: 90,
    outputAudioTokens: 60,
  })

  it('has its own prices, fresh, from the cache and as output', () => {
    const price = { input: 4, output: 16, cachedInput: 0.4, inputAudio: 32, cachedInputAudio: 0.5, outputAudio: 64 }
    // 200 × 4 + 500 × 32 + 100 × 0.4 + 200 × 0.5 + 30 × 16 + 60 × 64, in millionths
    expect(createPricer('any', 'any', price).costOf(spoken).usd).toBe('0.02126')
  })

  it('costs as the text that it stands beside where it has no price', () => {
    const price = { input: 4, output: 16, cachedInput: 0.4 }
    const { inputAudioTokens: _in, cachedInputAudioTokens: _cached, outputAudioTokens: _out, ...text } = spoken
    const pricer = createPricer('any', 'any', price)
    expect(pricer.costOf(spoken)).toEqual(pricer.costOf(use(text)))
  })

  it('costs what the catalog says', () => {
    const usage = use({ inputTokens: 1_000_000, inputAudioTokens: 1_000_000 })
    const { total_price: expected } = calcPrice(
      { input_tokens: 1_000_000, input_audio_tokens: 1_000_000 },
      'gpt-realtime',
      {
        providerId: 'openai',
      },
    ) ?? { total_price: Number.NaN }
    const { usd, source } = createPricer('openai', 'gpt-realtime').costOf(usage)
    expect({ usd: Number(usd), source }).toEqual({ usd: expected, source: 'catalog' })
  })

  it('is never counted for more than the tokens that it is part of', () => {
    const broken = use({ inputTokens: 10, inputAudioTokens: 99, outputTokens: 5, outputAudioTokens: 99 })
    const price = { input: 1, output: 1, inputAudio: 2, outputAudio: 3 }
    expect(createPricer('any', 'any', price).costOf(broken).usd).toBe('0.000035')
  })
})

describe('sums of amounts', () => {
  it('are exact, and zero of none', () => {
    expect(sumUsd(['0.1', '0.2', '3', '0.0000001'])).toBe('3.3000001')
    expect(sumUsd([])).toBe('0')
  })

  it('are refused for anything but plain decimals', () => {
    for (const text of ['', '1e3', '-1', 'x']) expect(() => sumUsd([text]), text).toThrow(RangeError)
  })
})

describe('shares of amounts', () => {
  it('are exact', () => {
    expect(percentOfUsd('0.0000003', 50)).toBe('0.00000015')
    expect(percentOfUsd('12', 100)).toBe('12')
    expect(percentOfUsd('12', 0)).toBe('0')
  })

  it('are refused of anything but plain decimals', () => {
    for (const text of ['', '1e3', '-1', 'x']) expect(() => percentOfUsd(text, 50), text).toThrow(RangeError)
  })
})

describe('the usage of several requests together', () => {
  it('costs what they cost one by one, though together they are longer than any single one', () => {
    const long = use({ inputTokens: 150_000, outputTokens: 10 })
    const both = use({ inputTokens: 300_000, outputTokens: 20 })
    const { costOf: priced } = createPricer('anthropic', 'claude-sonnet-4-5')
    const one = priced(long).usd ?? ''
    expect(priced(both, undefined, 2).usd).toBe(sumUsd([one, one]))
    expect(priced(both).usd).not.toBe(sumUsd([one, one]))
  })
})
