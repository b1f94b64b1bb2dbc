import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { type Call, decodeCall, encodeCall, silentLogger } from '@konnect/contract'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { rememberingLogger, testCall } from '../test-calls.ts'
import { type CallSpool, createCallSpool, type SpoolBatch } from './call-spool.ts'

let dir = ''
let opened: CallSpool[] = []

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'konnect-spool-'))
  opened = []
})

afterEach(async () => {
  await Promise.all(opened.map((spool) => spool.close()))
  rmSync(dir, { recursive: true, force: true })
})

async function open(options: { maxBytes?: number; logger?: ReturnType<typeof rememberingLogger> } = {}) {
  const spool = await createCallSpool({ dir, logger: silentLogger, ...options })
  opened.push(spool)
  return spool
}

async function drain(spool: CallSpool): Promise<readonly Call[]> {
  const calls: Call[] = []
  for (let batch = await spool.next(100); batch !== undefined; batch = await spool.next(100)) {
    calls.push(...callsOf(batch))
    await batch.acknowledge()
  }
  return calls
}

const callsOf = (batch: SpoolBatch | undefined) =>
  (batch?.records ?? []).map((record) => decodeCall(JSON.parse(record.toString())))
const idsOf = (calls: readonly Call[]) => calls.map((call) => call.id)
const recordMany = (spool: CallSpool, count: number) => {
  for (let number = 1; number <= count; number += 1) spool.record(testCall(`call-${number}`))
}
const workerFolders = () => readdirSync(dir).filter((name) => /^(worker|orphan)-/.test(name))
const segmentsIn = (folder: string) => readdirSync(join(dir, folder)).map((name) => join(dir, folder, name))

describe('a call spool', () => {
  it('gives calls back in the order in which they were recorded, and unchanged', async () => {
    const spool = await open()
    recordMany(spool, 1_234)
    await spool.flush()
    expect(spool.status()).toMatchObject({ pending: 1_234, dropped: 0, isFull: false })
    const calls = await drain(spool)
    expect(idsOf(calls)).toEqual(Array.from({ length: 1_234 }, (_, index) => `call-${index + 1}`))
    expect(calls[0]).toEqual(testCall('call-1'))
    expect(spool.status().pending).toBe(0)
  })

  it('writes on its own, without being asked to', async () => {
    const spool = await open()
    const written = new Promise<void>((resolve) => spool.onWritten(resolve))
    spool.record(testCall('one'))
    await written
    expect(segmentsIn(workerFolders()[0] ?? '')).toHaveLength(1)
  })

  it('gives the same calls again until they are acknowledged', async () => {
    const spool = await open()
    recordMany(spool, 5)
    await spool.flush()
    const first = await spool.next(2)
    expect(idsOf(callsOf(first))).toEqual(['call-1', 'call-2'])
    expect((await spool.next(2))?.records).toEqual(first?.records)
    await first?.acknowledge()
    expect(idsOf(callsOf(await spool.next(2)))).toEqual(['call-3', 'call-4'])
  })

  it('removes a segment once all of it is acknowledged', async () => {
    const spool = await open()
    recordMany(spool, 3)
    await spool.flush()
    await drain(spool)
    expect(segmentsIn(workerFolders()[0] ?? '')).toEqual([])
  })

  it('passes what a closed spool left on to the next one, and leaves no empty folder', async () => {
    const first = await open()
    recordMany(first, 3)
    await first.close()
    const second = await open()
    expect(second.status().pending).toBe(3)
    expect(idsOf(await drain(second))).toEqual(['call-1', 'call-2', 'call-3'])
    await second.close()
    expect(workerFolders()).toEqual([])
  })

  it('ships what an earlier version left as objects', async () => {
    const first = await open()
    recordMany(first, 1)
    await first.close()
    const [segment = ''] = segmentsIn(workerFolders()[0] ?? '')
    const object = JSON.stringify(testCall('call-2'))
    appendFileSync(segment, `${object}\n`)
    const batch = await (await open()).next(10)
    expect(batch?.records.map(String)).toEqual([encodeCall(testCall('call-1')), object])
  })

  it('never takes the segments of a worker that still runs', async () => {
    const running = await open()
    recordMany(running, 3)
    await running.flush()
    const other = await open()
    expect(await other.next(10)).toBeUndefined()
    expect(idsOf(await drain(running))).toHaveLength(3)
  })

  it('counts calls recorded after closing as dropped', async () => {
    const spool = await open()
    await spool.close()
    spool.record(testCall('late'))
    expect(spool.status().dropped).toBe(1)
  })
})

describe('a full call spool', () => {
  it('drops and counts new calls, says so once, and keeps what it has', async () => {
    const logger = rememberingLogger()
    const maxBytes = 12_000
    const spool = await open({ maxBytes, logger })
    recordMany(spool, 100)
    await spool.flush()
    recordMany(spool, 10)
    const { dropped, pending, isFull } = spool.status()
    expect(isFull).toBe(true)
    expect(pending).toBeGreaterThan(10)
    expect(segmentsIn(workerFolders()[0] ?? '').reduce((sum, path) => sum + statSync(path).size, 0)).toBeLessThan(
      maxBytes,
    )
    expect(pending + dropped).toBe(110)
    expect(logger.lines).toEqual(['warn: call spool is full; new calls are dropped'])
    expect(await drain(spool)).toHaveLength(pending)
  })

  it('accepts again when calls were shipped', async () => {
    const logger = rememberingLogger()
    const spool = await open({ maxBytes: 12_000, logger })
    recordMany(spool, 100)
    await spool.flush()
    await drain(spool)
    expect(spool.status().isFull).toBe(false)
    expect(logger.lines.at(-1)).toBe('info: call spool has room again')
    spool.record(testCall('after'))
    await spool.flush()
    expect(idsOf(await drain(spool))).toEqual(['after'])
  })

  it('drops one call that is larger than all of the room, and goes on', async () => {
    const spool = await open({ maxBytes: 5_000 })
    spool.record(testCall('huge', { path: 'x'.repeat(6_000) }))
    spool.record(testCall('small'))
    await spool.flush()
    expect(spool.status().dropped).toBeGreaterThanOrEqual(1)
    spool.record(testCall('next'))
    await spool.flush()
    expect(idsOf(await drain(spool))).toContain('next')
  })
})

describe('damage', () => {
  it.each(['[1,"call-4","defa', '{"id":"call-4","tena'])(
    'leaves out a last line that was not finished, and keeps the rest: %s',
    async (torn) => {
      const first = await open()
      recordMany(first, 3)
      await first.close()
      const [segment = ''] = segmentsIn(workerFolders()[0] ?? '')
      appendFileSync(segment, torn)
      expect(idsOf(await drain(await open()))).toEqual(['call-1', 'call-2', 'call-3'])
    },
  )

  it('sets an unreadable line aside and goes on behind it', async () => {
    const first = await open()
    recordMany(first, 3)
    await first.close()
    const [segment = ''] = segmentsIn(workerFolders()[0] ?? '')
    const [one, , three] = readFileSync(segment, 'utf8').split('\n')
    writeFileSync(segment, `${one}\n[1,"id":!!\n${three}\n`)
    const logger = rememberingLogger()
    const second = await open({ logger })
    expect(idsOf(await drain(second))).toEqual(['call-1', 'call-3'])
    expect(second.status().pending).toBe(0)
    expect(logger.lines).toEqual(['error: unreadable calls were set aside'])
    const [rejected = ''] = segmentsIn('rejected')
    expect(readFileSync(rejected, 'utf8')).toContain('[1,\\"id\\":!!')
  })

  it('counts calls that cannot be written, and recovers when they can', async () => {
    const logger = rememberingLogger()
    const spool = await open({ logger })
    rmSync(dir, { recursive: true })
    writeFileSync(dir, 'a file in the place of the folder')
    spool.record(testCall('lost'))
    await spool.flush()
    expect(spool.status()).toMatchObject({ pending: 0, dropped: 1 })
    expect(logger.lines).toEqual(['error: calls could not be written and are lost'])
    rmSync(dir)
    spool.record(testCall('kept'))
    await spool.flush()
    expect(idsOf(await drain(spool))).toEqual(['kept'])
  })
})

describe('a killed process', () => {
  const program = fileURLToPath(new URL('./recording-process.ts', import.meta.url))

  /** Resolves with the number of calls that the process reported as written when it had been killed. */
  async function recordAndKill(afterReports: number): Promise<number> {
    const child: ChildProcess = spawn(process.execPath, ['--import', 'tsx', program, dir], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    let written = 0
    let reports = 0
    const lines = createInterface({ input: child.stdout ?? process.stdin })
    lines.on('line', (line) => {
      written = Number(line)
      reports += 1
      if (reports === afterReports) child.kill('SIGKILL')
    })
    await Promise.all([once(child, 'exit'), once(lines, 'close')])
    return written
  }

  it('loses nothing that was written, and the next process ships it in order', async () => {
    for (const afterReports of [1, 7]) {
      const written = await recordAndKill(afterReports)
      const spool = await open()
      const ids = idsOf(await drain(spool))
      expect(ids.length).toBeGreaterThanOrEqual(written)
      expect(ids).toEqual(ids.map((_, index) => `call-${index + 1}`))
      await spool.close()
    }
    expect(workerFolders()).toEqual([])
  })
})
