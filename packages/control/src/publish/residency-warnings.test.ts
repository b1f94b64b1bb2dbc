import { openStore } from '@konnect/store'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Harness, startControl } from '../harness/control-harness.ts'

const fileWith = (residency: string, part = '') => `
tenants: [{ name: default, residency: { regions: [eu] } }]
providers:
  - { name: here, vendor: acme-ai, apiKey: a-secret, region: eu-west-1, terms: { training: never } }
  - { name: unknown, vendor: acme-ai, apiKey: a-secret ${part} }
models:
  - name: assistant
    residency: { ${residency} }
    deployments: [{ provider: here, model: big }, { provider: unknown, model: small }]
`

let harness: Harness
beforeAll(async () => {
  harness = await startControl(openStore, {
    regionOf: (vendor, settings) => (vendor === 'acme-ai' && settings.region === 'us' ? 'us-east' : undefined),
  })
})
afterAll(() => harness.close())

const warningsOf = async (text: string): Promise<string[]> =>
  (await harness.request('POST', '/config/diff', { text })).body.warnings

describe('residency rules', () => {
  it('that exclude a deployment are told when they are written, with the reason', async () => {
    const [warning, ...others] = await warningsOf(fileWith('noTraining: true'))
    expect(warning).toBe(
      'Model "assistant" does without some of its deployments, for its residency rules (regions=eu; no-training) exclude unknown with small: nobody has stated its region.',
    )
    expect(others).toEqual([])
  })

  it('that exclude every deployment are allowed, and said to refuse every request', async () => {
    const warnings = await warningsOf(fileWith('maxRetention: 1d'))
    expect(warnings.join()).toContain('refuses every request')
    expect(warnings.join()).toContain('here with big: nobody has stated how long it keeps content')
  })

  it('know the region that the settings of a vendor say', async () => {
    expect((await warningsOf(fileWith('', ', settings: { region: us }'))).join()).toContain('it is in us-east')
  })

  it('that every deployment fits need no word', async () => {
    expect(await warningsOf(fileWith('', ', region: eu'))).toEqual([])
  })
})
