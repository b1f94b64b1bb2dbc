import { spawn } from 'node:child_process'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { type FakeVendor, startFakeVendor } from '@konnect/testkit'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Konnect, startKonnect } from '../harness.ts'
import { installedProgram } from '../installed-program.ts'
import { agentConfig, claudeTurn, gptTurn, type ScriptedTurn, toldResults } from '../scripted-turns.ts'

const KEY = 'kn_test_0123456789abcdef'

const PI = await installedProgram({ name: '@mariozechner/pi-coding-agent', version: '0.73.1', entry: 'dist/cli.js' })

/** The agent's name of each client format, and what it adds to the gateway's address for it. */
const FORMATS = {
  'openai-completions': '/v1',
  'openai-responses': '/v1',
  'anthropic-messages': '',
  'google-generative-ai': '/v1beta',
}

const MODELS = ['claude-haiku-4-5', 'gpt-4o-mini'] as const

/** Reads two files at once, writes a third one, and reports. */
const TURNS: readonly ScriptedTurn[] = [
  {
    calls: [
      { id: 'call_1', name: 'read', input: { path: 'north.txt' } },
      { id: 'call_2', name: 'read', input: { path: 'süd.txt' } },
    ],
  },
  { calls: [{ id: 'call_3', name: 'write', input: { path: 'both.txt', content: 'Nord & Süd: "17"\n' } }] },
  { text: 'Both files are summed up in both.txt.' },
]

describe.skipIf('missing' in PI)(
  `the coding agent pi, as its own process, works through the gateway${'missing' in PI ? ` (skipped: ${PI.missing})` : ''}`,
  () => {
    let claude: FakeVendor
    let gpt: FakeVendor
    let konnect: Konnect
    let folder: string

    beforeAll(async () => {
      claude = await startFakeVendor()
      gpt = await startFakeVendor()
      konnect = await startKonnect({ config: agentConfig({ claude: claude.url, gpt: gpt.url, key: KEY }) })
      folder = await mkdtemp(join(tmpdir(), 'konnect-agent-'))
      await mkdir(join(folder, '.pi', 'agent'), { recursive: true })
      await writeFile(join(folder, '.pi', 'agent', 'models.json'), JSON.stringify(agentModels(konnect.gatewayUrl)))
    })
    afterAll(async () => {
      await konnect?.stop()
      await claude?.close()
      await gpt?.close()
      await rm(folder, { recursive: true, force: true })
    })

    const formats = Object.keys(FORMATS)

    it.each(formats.flatMap((format) => MODELS.map((model) => [format, model] as const)))(
      'in %s with %s',
      async (format, model) => {
        const work = await mkdtemp(join(folder, 'work-'))
        await writeFile(join(work, 'north.txt'), 'Six whales\n')
        await writeFile(join(work, 'süd.txt'), 'Elf "Möwen"\n')
        const isClaude = model === 'claude-haiku-4-5'
        const vendor = isClaude ? claude : gpt
        vendor.enqueue(...TURNS.map((turn) => ({ events: isClaude ? claudeTurn(turn) : gptTurn(turn) })))
        const before = vendor.requests.length

        const run = await runAgent(PI, { format, model, home: folder, work })

        expect(run).toEqual({ code: 0, output: 'Both files are summed up in both.txt.\n', errors: '' })
        expect(await readFile(join(work, 'both.txt'), 'utf8')).toBe('Nord & Süd: "17"\n')
        const asked = vendor.requests.slice(before)
        expect(asked).toHaveLength(TURNS.length)
        const told = toldResults(String(asked.at(-1)?.body))
        expect(told.map(({ name, input }) => [name, JSON.parse(input ?? 'null')])).toEqual([
          ['read', { path: 'north.txt' }],
          ['read', { path: 'süd.txt' }],
          ['write', { path: 'both.txt', content: 'Nord & Süd: "17"\n' }],
        ])
        expect(told[0]?.text).toContain('Six whales')
        expect(told[1]?.text).toContain('Möwen')
        expect(new Set(told.map(({ id }) => id)).size).toBe(3)
      },
    )
  },
)

/** The agent's own description of the gateway: one provider for each format. */
const agentModels = (gatewayUrl: string) => ({
  providers: Object.fromEntries(
    Object.entries(FORMATS).map(([api, path]) => [
      `konnect-${api}`,
      { api, baseUrl: gatewayUrl + path, apiKey: KEY, models: MODELS.map((id) => ({ id })) },
    ]),
  ),
})

interface AgentRun {
  readonly format: string
  readonly model: string
  readonly home: string
  /** Where it works. */
  readonly work: string
}

/** Runs the agent to its end with one task; it gets nothing of this process's environment but where programs are. */
async function runAgent(program: typeof PI, { format, model, home, work }: AgentRun) {
  if ('missing' in program) throw new Error(program.missing)
  const flags = ['--provider', `konnect-${format}`, '--model', model, '--no-session', '--offline', '--print']
  const child = spawn(process.execPath, [program.entry, ...flags, 'Sum up both files.'], {
    cwd: work,
    env: { PATH: process.env.PATH, HOME: home, PI_OFFLINE: '1', PI_TELEMETRY: '0' },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once('close', resolve)
    child.once('error', reject)
  })
  const [code, output, errors] = await Promise.all([ended, text(child.stdout), text(child.stderr)])
  return { code, output, errors }
}
