import { once } from 'node:events'
import { type StateStore, StateUnavailable } from '@konnect/contract'
import { describe, expect, it, vi } from 'vitest'
import { stateConformance } from '../conformance.ts'
import { createMemoryState } from '../memory/memory.ts'
import type { StateChannel } from './channel.ts'
import { createParentState } from './client.ts'
import { channelPair } from './port-channel.ts'
import { serveParentState } from './server.ts'

stateConformance('a parent process', async () => {
  let nowMs = 1_800_000_000_000
  const memory = createMemoryState({ now: () => nowMs })
  const server = serveParentState(memory)
  const pairs: { close(): void }[] = []
  const connect = (): StateStore => {
    const pair = channelPair()
    pairs.push(pair)
    server.attach(pair.parent)
    return createParentState(pair.worker, { timeoutMs: 5_000 })
  }
  return {
    store: connect(),
    peer: async () => connect(),
    elapse: (ms) => {
      nowMs += ms
    },
    async close() {
      for (const pair of pairs) pair.close()
      await memory.close()
    },
  }
})

const rule = { algorithm: 'sliding-window', limit: 100, windowMs: 60_000 } as const

/** A channel in the hands of the test. */
function heldChannel() {
  const sent: unknown[] = []
  let hear: (message: unknown) => void = () => {}
  let hearClose: () => void = () => {}
  const channel: StateChannel = {
    send: (message) => void sent.push(message),
    onMessage: (listen) => {
      hear = listen
    },
    onClose: (listen) => {
      hearClose = listen
    },
  }
  return { channel, sent, say: (message: unknown) => hear(message), close: () => hearClose() }
}

describe('parent state', () => {
  it('sends all requests of one turn in one message, and gets all answers in one', async () => {
    const { channel, sent, say } = heldChannel()
    const state = createParentState(channel)
    const answers = Promise.all([state.take('a', rule), state.get('b'), state.increment('c', 1, 1_000)])
    await vi.waitFor(() => expect(sent).toHaveLength(1))

    const served = heldChannel()
    serveParentState(createMemoryState()).attach(served.channel)
    served.say(sent[0])
    expect(served.sent).toHaveLength(1)
    say(served.sent[0])
    expect(await answers).toMatchObject([{ isAllowed: true, remaining: 99 }, undefined, 1])
  })

  it('fails with StateUnavailable when the parent does not answer in time', async () => {
    const state = createParentState(heldChannel().channel, { timeoutMs: 20 })
    await expect(Promise.resolve(state.take('k', rule))).rejects.toThrow(StateUnavailable)
  })

  it('fails at once what waits, and all that follows, when the parent is gone', async () => {
    const { channel, sent, close } = heldChannel()
    const state = createParentState(channel, { timeoutMs: 60_000 })
    const waiting = expect(Promise.resolve(state.take('k', rule))).rejects.toThrow(StateUnavailable)
    await vi.waitFor(() => expect(sent).toHaveLength(1))
    close()
    await waiting
    await expect(Promise.resolve(state.get('k'))).rejects.toThrow(StateUnavailable)
  })

  it('fails with StateUnavailable when a message cannot be sent', async () => {
    const { channel } = heldChannel()
    const broken: StateChannel = {
      ...channel,
      send() {
        throw new Error('ERR_IPC_CHANNEL_CLOSED')
      },
    }
    await expect(Promise.resolve(createParentState(broken).get('k'))).rejects.toThrow(StateUnavailable)
  })

  it('ignores messages that are not its own', async () => {
    const { channel, say } = heldChannel()
    const state = createParentState(channel, { timeoutMs: 20 })
    const answer = expect(Promise.resolve(state.get('k'))).rejects.toThrow(StateUnavailable)
    for (const message of [null, 'text', 7, {}, { konnect: 'other' }]) say(message)
    await answer
  })

  it('returns the places of a worker that dies', async () => {
    const server = serveParentState(createMemoryState())
    const [dying, living] = [channelPair(), channelPair()]
    server.attach(dying.parent)
    server.attach(living.parent)
    const survivor = createParentState(living.worker)
    await createParentState(dying.worker).lease('k', 1, 60_000)
    expect(await survivor.lease('k', 1, 60_000)).toBeNull()
    dying.close()
    await vi.waitFor(() => expect(server.workers).toBe(1))
    expect(await survivor.lease('k', 1, 60_000)).not.toBeNull()
    living.close()
  })

  it('returns a place that was given after nobody waited for it any more', async () => {
    const memory = createMemoryState()
    const { channel, sent, say } = heldChannel()
    const state = createParentState(channel, { timeoutMs: 20 })
    await expect(Promise.resolve(state.lease('k', 1, 60_000))).rejects.toThrow(StateUnavailable)

    const served = heldChannel()
    serveParentState(memory).attach(served.channel)
    served.say(sent[0])
    expect(memory.lease('k', 1, 60_000)).toBeNull()
    say(served.sent[0])
    await vi.waitFor(() => expect(sent).toHaveLength(2))
    served.say(sent[1])
    expect(memory.lease('k', 1, 60_000)).not.toBeNull()
  })

  it('serves a store that answers later, and passes its failures on', async () => {
    const later: StateStore = {
      ...createMemoryState(),
      get: async () => 'value',
      take: async () => {
        throw new StateUnavailable('Redis is away')
      },
    }
    const pair = channelPair()
    serveParentState(later).attach(pair.parent)
    const state = createParentState(pair.worker)
    expect(await state.get('k')).toBe('value')
    await expect(Promise.resolve(state.take('k', rule))).rejects.toThrow('Redis is away')
    pair.close()
  })

  it('frees a place that a slow store hands out after its worker died', async () => {
    const memory = createMemoryState()
    let handOut: () => void = () => {}
    const isAsked = new EventTarget()
    const asked = once(isAsked, 'asked')
    const slow: StateStore = {
      ...memory,
      lease: async (key, limit, ttlMs) => {
        await new Promise<void>((resolve) => {
          handOut = resolve
          isAsked.dispatchEvent(new Event('asked'))
        })
        return memory.lease(key, limit, ttlMs)
      },
    }
    const served = heldChannel()
    serveParentState(slow).attach(served.channel)
    served.say({ konnect: 'state-requests', requests: [[1, 'lease', 'k', 1, 60_000]] })
    await asked
    served.close()
    handOut()
    await vi.waitFor(() => expect(memory.lease('k', 1, 60_000)).not.toBeNull())
  })
})
