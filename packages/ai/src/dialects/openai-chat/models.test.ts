import { describe, expect, it } from 'vitest'
import { traitsOf } from './models.ts'

describe('traits of chat models', () => {
  it.each([
    ['gpt-4o', { maxTokensField: 'max_tokens', hasSampling: true, hasReasoning: false }],
    ['ft:gpt-4o-mini:acme', { maxTokensField: 'max_tokens', hasSampling: true, hasReasoning: false }],
    ['o3-mini', { maxTokensField: 'max_completion_tokens', hasSampling: false, hasReasoning: true }],
    ['openai/gpt-5.1', { maxTokensField: 'max_completion_tokens', hasSampling: false, hasReasoning: true }],
    ['gpt-5-chat-latest', { maxTokensField: 'max_completion_tokens', hasSampling: true }],
    ['llama-3.3-70b', { maxTokensField: 'max_tokens', hasSampling: true, hasReasoning: true }],
  ])('%s', (model, traits) => {
    expect(traitsOf(model)).toMatchObject(traits)
  })
})
