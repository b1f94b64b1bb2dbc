import { describe, expect, it } from 'vitest'
import { assistantAt } from '../harness-ai.ts'
import { compileLifecycle } from './model-lifecycle.ts'

const SUNSET = '2027-03-01T00:00:00Z'
const lifecycleAt = (now: string, part: Parameters<typeof assistantAt>[1]) =>
  compileLifecycle(assistantAt(['main'], part), { publishedAt: '2027-01-01T00:00:00.000Z', now: () => Date.parse(now) })

describe('the lifecycle of a model', () => {
  it('says nothing while the model is active, whatever a later deprecation would say', () => {
    expect(lifecycleAt(SUNSET, { deprecation: { sunset: SUNSET } })).toBeUndefined()
  })

  it('gives the dates and the successor in the forms of their standards', () => {
    const deprecation = { since: '2026-12-01T12:00:00Z', sunset: SUNSET, replacement: 'team/assistant:2' }
    expect(lifecycleAt('2027-02-01', { state: 'deprecated', deprecation })?.headers).toEqual([
      'deprecation',
      '@1796126400',
      'sunset',
      'Mon, 01 Mar 2027 00:00:00 GMT',
      'link',
      '</v1/models/team%2Fassistant%3A2>; rel="successor-version"; title="team/assistant:2"',
    ])
  })

  it('dates a deprecation that does not say by the publish', () => {
    expect(lifecycleAt('2027-02-01', { state: 'deprecated' })?.headers).toEqual(['deprecation', '@1798761600'])
  })

  it('ends with the sunset, to the millisecond', () => {
    const model = { state: 'deprecated' as const, deprecation: { sunset: SUNSET, replacement: 'newer' } }
    expect(lifecycleAt('2027-02-28T23:59:59.999Z', model)?.refusal()).toBeUndefined()
    expect(lifecycleAt(SUNSET, model)?.refusal()).toMatchObject({
      code: 'model_retired',
      status: 410,
      detail: 'The model "assistant" is no longer served. Use "newer" instead.',
    })
  })

  it('has ended for a retired model, whatever its sunset', () => {
    const model = { state: 'retired' as const, deprecation: { sunset: SUNSET } }
    expect(lifecycleAt('2027-01-01', model)?.refusal()).toMatchObject({ code: 'model_retired' })
  })
})
