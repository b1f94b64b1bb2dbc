import { describe, expect, it } from 'vitest'
import { traitsOf } from './models.ts'

describe('traits of message models', () => {
  it.each([
    ['claude-3-opus-20240229', { defaultMaxTokens: 4096, hasThinking: false, sampling: 'both' }],
    ['anthropic.claude-3-5-sonnet-20241022-v2:0', { defaultMaxTokens: 8192, hasThinking: false }],
    ['claude-3-7-sonnet-latest', { defaultMaxTokens: 16_384, hasThinking: true, isAdaptive: false, sampling: 'both' }],
    ['claude-opus-4-20250514', { defaultMaxTokens: 16_384, isAdaptive: false, sampling: 'both' }],
    ['claude-sonnet-4-5-20250929', { isAdaptive: false, sampling: 'one' }],
    ['claude-opus-4.6', { isAdaptive: true, sampling: 'one' }],
    ['claude-opus-4-7', { isAdaptive: true, sampling: 'none' }],
    ['claude-sonnet-5', { isAdaptive: true, sampling: 'none' }],
    ['some-other-model', { defaultMaxTokens: 4096, hasThinking: true, isAdaptive: false, sampling: 'both' }],
  ])('%s', (model, traits) => {
    expect(traitsOf(model)).toMatchObject(traits)
  })
})
