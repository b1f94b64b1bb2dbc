import { execFile } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Konnect, startKonnect } from '../tests/harness.ts'

const inExamples = (path: string) => fileURLToPath(new URL(path, import.meta.url))
const run = promisify(execFile)

const EXAMPLES = readdirSync(inExamples('.'), { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name)

describe('examples', () => {
  let konnect: Konnect

  beforeAll(async () => {
    konnect = await startKonnect()
  }, 120_000)
  afterAll(() => konnect?.stop())

  it.each(EXAMPLES)('%s does what its README says', async (name) => {
    const text = readFileSync(inExamples(`${name}/konnect.yaml`), 'utf8')
    const { snapshotVersion } = await konnect.client.config.apply({ text, file: 'konnect.yaml' })
    await konnect.serves(snapshotVersion)
    const { stdout } = await run(process.execPath, [inExamples(`${name}/try.mjs`)], {
      env: { ...process.env, KONNECT_GATEWAY_URL: konnect.gatewayUrl },
      timeout: 20_000,
    })
    expect(stdout).not.toBe('')
  })

  it('are listed', () => {
    const list = readFileSync(inExamples('README.md'), 'utf8')
    expect(EXAMPLES.filter((name) => !list.includes(`](${name})`))).toEqual([])
  })
})
