import { describe, expect, it } from 'vitest'
import { FallbackRules } from './fallback-rules.ts'

const tooLong = Buffer.from(JSON.stringify({ error: { code: 'context_length_exceeded' } }))

describe('fallback rules', () => {
  it('let a listed status be enough, and nothing else where both refusals are switched off', () => {
    const rules = new FallbackRules({ on: [400, 503], onContextOverflow: false })
    expect(rules.verdict(503)).toEqual({ mayFallBack: true, isFault: true, refusal: undefined })
    expect(rules.verdict(400).mayFallBack).toBe(true)
    expect(rules.verdict(429).mayFallBack).toBe(false)
    expect(rules.awaitsBody(400)).toBe(false)
  })

  it('want the body of a 400 that is not listed, and tell its refusal from a fault of the deployment', () => {
    const rules = new FallbackRules({})
    expect([rules.awaitsBody(400), rules.awaitsBody(404), rules.awaitsBody(422)]).toEqual([true, false, false])
    expect(rules.verdict(400, tooLong)).toEqual({ mayFallBack: true, isFault: false, refusal: 'context_overflow' })
    expect(rules.verdict(400).mayFallBack).toBe(false)
    expect(new FallbackRules({ on: [400] }).awaitsBody(400)).toBe(false)
  })

  it('replace a filtered answer only without content and where that is asked for', () => {
    const asked = new FallbackRules({ onContentFilter: true })
    const answer = (finishReason: string | null, hasContent: boolean) => asked.isFiltered({ finishReason, hasContent })
    expect([answer('content_filter', false), answer('refusal', false)]).toEqual([true, true])
    expect([answer('content_filter', true), answer('stop', false), answer(null, false)]).toEqual([false, false, false])
    expect(new FallbackRules({}).isFiltered({ finishReason: 'content_filter', hasContent: false })).toBe(false)
  })
})
