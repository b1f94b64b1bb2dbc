import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Konnect, runProgram, startKonnect } from '../harness.ts'

const CONFIG = `
providers: [{ name: one, vendor: openai, apiKey: unused-key }]
models:
  - name: assistant
    versions:
      - { name: v1, deployments: [{ provider: one, model: gpt-4o-mini }] }
      - { name: v2, deployments: [{ provider: one, model: gpt-4o }] }
`

describe('versions of a model on the command line', () => {
  let konnect: Konnect
  beforeAll(async () => {
    konnect = await startKonnect()
    await konnect.client.config.apply({ text: CONFIG, file: 'konnect.yaml' })
  }, 120_000)
  afterAll(() => konnect?.stop())

  const run = (...args: string[]) =>
    runProgram([...args, '--control', konnect.consoleUrl], { KONNECT_API_TOKEN: konnect.apiToken })
  const sharesNow = async () => (await konnect.client.models.get('assistant')).spec.traffic?.shares

  it('are promoted by a part and wholly, and rolled back', async () => {
    const part = await run('promote', '--model', 'assistant', '--version', 'v2', '--percent', '10')
    expect([part.code, part.output]).toEqual([0, 'assistant: v1 90 %, v2 10 %\n'])
    expect(await sharesNow()).toEqual([
      { version: 'v1', percent: 90 },
      { version: 'v2', percent: 10 },
    ])
    const whole = await run('promote', '--model', 'assistant', '--version', 'v2')
    expect(whole.output).toBe('assistant: v2 100 %\n')
    const back = await run('rollback', '--model', 'assistant')
    expect(back.output).toBe('assistant: v1 90 %, v2 10 %\n')
  })

  it('that do not exist change nothing and say so', async () => {
    const before = await sharesNow()
    const refused = await run('promote', '--model', 'assistant', '--version', 'v9')
    expect(refused.code).toBe(1)
    expect(refused.output).toContain('There is no version "v9"')
    expect(await sharesNow()).toEqual(before)
  })
})
