import { describe, expect, it } from 'vitest'
import { knownCapabilities } from './capabilities.ts'

describe('what a model is known to be able to do', () => {
  it.each([
    ['claude-sonnet-4-5', ['vision', 'tools', 'reasoning']],
    ['eu.anthropic.claude-3-haiku-20240307-v1:0', ['vision', 'tools']],
    ['claude-2.1', []],
    ['openai/gpt-4o-mini', ['vision', 'tools']],
    ['gpt-4o-audio-preview', ['audio', 'tools']],
    ['text-embedding-3-large', ['embeddings']],
    ['gemini-embedding-001', ['embeddings']],
    ['o3', ['vision', 'tools', 'reasoning']],
    ['o3-mini', ['reasoning']],
    ['o1-preview', ['reasoning']],
    ['DeepSeek-R1', ['reasoning']],
  ])('%s: %j', (id, capabilities) => {
    expect(knownCapabilities(id)).toEqual(capabilities)
  })

  it.each(['house-model-7', 'foo3', 'mo1', ''])('is nothing for "%s", and that is not the same as none', (id) => {
    expect(knownCapabilities(id)).toBeNull()
  })
})
