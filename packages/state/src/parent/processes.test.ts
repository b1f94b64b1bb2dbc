import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { createMemoryState } from '../memory/memory.ts'
import type { StateChannel } from './channel.ts'
import { type ParentStateServer, serveParentState } from './server.ts'

const WORKER = `
import { createParentState } from ${JSON.stringify(new URL('./client.ts', import.meta.url).href)}
const state = createParentState({
  send: (message) => process.send(message),
  onMessage: (listen) => process.on('message', listen),
  onClose: (listen) => process.on('disconnect', listen),
}, { timeoutMs: 10000 })
const rule = { algorithm: 'sliding-window', limit: 100, windowMs: 60000 }
process.on('message', async (message) => {
  if (message !== 'go') return
  const decisions = await Promise.all(Array.from({ length: 60 }, () => state.take('limit', rule)))
  const lease = await state.lease('place', 1, 600000)
  process.send({ admitted: decisions.filter(({ isAllowed }) => isAllowed).length, hasPlace: lease !== null })
})
process.send('ready')
`

interface Report {
  readonly admitted: number
  readonly hasPlace: boolean
}

interface Worker {
  readonly child: ChildProcess
  readonly report: Promise<Report>
}

const started: ChildProcess[] = []
afterEach(async () => {
  const alive = started.splice(0).filter(({ exitCode, signalCode }) => exitCode === null && signalCode === null)
  await Promise.all(
    alive.map((child) => {
      const exited = once(child, 'exit')
      child.kill('SIGKILL')
      return exited
    }),
  )
})

const channelTo = (child: ChildProcess): StateChannel => ({
  send: (message) => void child.send(message as object, () => {}),
  onMessage: (listen) => void child.on('message', listen),
  onClose: (listen) => void child.on('exit', listen),
})

async function startWorker(server: ParentStateServer): Promise<Worker> {
  const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '--eval', WORKER], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  started.push(child)
  const report = new Promise<Report>((resolve) => {
    child.on('message', (message: unknown) => {
      if (typeof message === 'object' && message !== null && 'admitted' in message) resolve(message as Report)
    })
  })
  await once(child, 'message')
  server.attach(channelTo(child))
  return { child, report }
}

describe('workers in processes of their own', () => {
  it('share one limit exactly, and give back what one of them held when it is killed', {
    timeout: 60_000,
  }, async () => {
    const memory = createMemoryState()
    const server = serveParentState(memory)
    const workers = await Promise.all([1, 2, 3, 4].map(() => startWorker(server)))
    for (const { child } of workers) child.send('go')
    const reports = await Promise.all(workers.map(({ report }) => report))
    expect(reports.reduce((sum, { admitted }) => sum + admitted, 0)).toBe(100)
    expect(reports.filter(({ hasPlace }) => hasPlace)).toHaveLength(1)
    expect(memory.lease('place', 1, 1_000)).toBeNull()

    workers[reports.findIndex(({ hasPlace }) => hasPlace)]?.child.kill('SIGKILL')
    await vi.waitFor(() => expect(server.workers).toBe(3), 10_000)
    expect(memory.lease('place', 1, 1_000)).not.toBeNull()
  })
})
