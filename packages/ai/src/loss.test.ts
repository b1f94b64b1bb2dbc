import { describe, expect, it } from 'vitest'
import { lossTables } from './dialects/list.ts'
import { LossRecorder } from './loss.ts'

const recorder = (id: string) => new LossRecorder(lossTables.get(id) ?? {})

describe('LossRecorder', () => {
  it('names each loss once, in order', () => {
    const losses = recorder('anthropic-messages')
    for (const name of ['seed', 'n', 'seed']) losses.drop(name)
    expect(losses.names).toEqual(['seed', 'n'])
  })

  it('refuses what may change the answer, unknown fields included, and lets hints pass', () => {
    const refused = (name: string): boolean => {
      const losses = recorder('openai-chat')
      losses.drop(name)
      try {
        losses.refuse()
        return false
      } catch {
        return true
      }
    }
    expect(['tools.web_search', 'top_k', 'brand_new_field'].every(refused)).toBe(true)
    expect(['cache_control', 'service_tier', 'thinking_signature'].some(refused)).toBe(false)
  })

  it('keeps a client from filling a header: names are plain, short and few', () => {
    const losses = recorder('openai-chat')
    for (let i = 0; i < 1000; i++) losses.drop(`x\r\n${i}${'y'.repeat(100)}`)
    expect(losses.names).toHaveLength(32)
    expect(losses.names.every((name) => /^[A-Za-z0-9_.-]{1,64}$/.test(name))).toBe(true)
  })
})
