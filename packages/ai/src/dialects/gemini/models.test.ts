import { describe, expect, it } from 'vitest'
import { LossRecorder } from '../../loss.ts'
import { LOSSES } from './losses.ts'
import { traitsOf } from './models.ts'
import { readThinking, writeThinking } from './thinking.ts'

function thinkingOf(model: string, reasoning: Parameters<typeof writeThinking>[0]) {
  const losses = new LossRecorder(LOSSES)
  return { config: writeThinking(reasoning, traitsOf(model), losses), lost: losses.names }
}

describe('traits of models', () => {
  it.each([
    ['gemini-1.5-pro-002', { thinking: 'none', takesUrls: false, hasPenalties: true }],
    ['gemini-2.0-flash', { thinking: 'none', needsSeals: false }],
    ['models/gemini-2.5-pro', { thinking: 'budget', hasOffSwitch: false, minBudget: 128 }],
    ['gemini-2.5-flash', { thinking: 'budget', hasOffSwitch: true, hasFormWithTools: false }],
    ['gemini-2.5-flash-image', { thinking: 'none' }],
    ['gemini-3-flash-preview', { thinking: 'level', needsSeals: true, hasFormWithTools: true }],
    ['gemini-flash-latest', { thinking: 'budget' }],
  ])('%s', (model, traits) => {
    expect(traitsOf(model)).toMatchObject(traits)
  })
})

describe('thinking', () => {
  it.each([
    ['gemini-2.5-flash', { isOn: true, effort: 'low' as const }, { thinkingBudget: 2048, includeThoughts: true }],
    ['gemini-2.5-flash', { isOn: true, budget: 100_000 }, { thinkingBudget: 24_576, includeThoughts: true }],
    ['gemini-2.5-flash-lite', { isOn: true, budget: 1 }, { thinkingBudget: 512, includeThoughts: true }],
    ['gemini-2.5-flash', { isOn: true }, { includeThoughts: true }],
    ['gemini-2.5-flash', { isOn: false }, { thinkingBudget: 0 }],
    ['gemini-3-flash', { isOn: true, effort: 'max' as const }, { thinkingLevel: 'high', includeThoughts: true }],
    ['gemini-3-flash', { isOn: true, budget: 1024 }, { thinkingLevel: 'minimal', includeThoughts: true }],
    [
      'gemini-3-pro-preview',
      { isOn: true, effort: 'medium' as const },
      { thinkingLevel: 'high', includeThoughts: true },
    ],
    ['gemini-3.1-pro', { isOn: true, effort: 'minimal' as const }, { thinkingLevel: 'low', includeThoughts: true }],
    ['gemini-3-flash', { isOn: false }, { thinkingLevel: 'minimal' }],
  ])('%s with %j is asked for %j', (model, reasoning, config) => {
    expect(thinkingOf(model, reasoning)).toEqual({ config, lost: [] })
  })

  it('that cannot be had, or not be switched off, is a loss', () => {
    expect(thinkingOf('gemini-2.0-flash', { isOn: true })).toEqual({ config: undefined, lost: ['reasoning_effort'] })
    expect(thinkingOf('gemini-2.5-pro', { isOn: false })).toEqual({
      config: { thinkingBudget: 128 },
      lost: ['reasoning_effort'],
    })
  })

  it.each([
    [{ thinkingBudget: 0 }, { isOn: false }],
    [{ thinkingBudget: -1 }, { isOn: true }],
    [
      { thinking_budget: 500, include_thoughts: true },
      { isOn: true, budget: 500 },
    ],
    [{ thinkingLevel: 'HIGH' }, { isOn: true, effort: 'high' }],
    [{ includeThoughts: true }, { isOn: true }],
    [{ includeThoughts: false }, undefined],
    [undefined, undefined],
  ])('is read from %j', (config, reasoning) => {
    expect(readThinking(config)).toEqual(reasoning)
  })
})
