import type { ControlClient } from '@konnect/client'
import { useEffect, useRef, useState } from 'react'
import { useControl } from '../api/control.ts'
import { chatPieces, chunksOf, errorText } from './chat-stream.ts'

/** What a try has come to. */
export interface PlaygroundRun {
  readonly state: 'idle' | 'waiting' | 'streaming' | 'done' | 'failed' | 'stopped'
  readonly text: string
  readonly error?: unknown
  /** Of the gateway's answer. */
  readonly status?: number
  /** Id of the call, to look up its record. */
  readonly callId?: string
}

export interface PlaygroundInput {
  readonly application: string
  readonly model: string
  readonly system: string
  readonly prompt: string
  /** The model's own when left out. */
  readonly temperature?: number
  /** Tokens; the model's own when left out. */
  readonly maxTokens?: number
}

const IDLE: PlaygroundRun = { state: 'idle', text: '' }
const WAITING: PlaygroundRun = { state: 'waiting', text: '' }

/** Whether a try is over, well or not. */
export const isOver = ({ state }: PlaygroundRun): boolean =>
  state === 'done' || state === 'failed' || state === 'stopped'

/** Sends a streamed chat call as an application. A new try, and leaving the page, stop the one before. */
export function usePlayground() {
  const { runs, send, stop } = useComparison()
  return { run: runs[0] ?? IDLE, send: (input: PlaygroundInput) => send([input]), stop }
}

/** Sends several at once, each on its own. New ones, and leaving the page, stop those before. */
export function useComparison() {
  const control = useControl()
  const [runs, setRuns] = useState<readonly PlaygroundRun[]>([])
  const abort = useRef<AbortController>(undefined)
  useEffect(() => () => abort.current?.abort(), [])
  const send = async (inputs: readonly PlaygroundInput[]) => {
    abort.current?.abort()
    const started = new AbortController()
    abort.current = started
    setRuns(inputs.map(() => WAITING))
    const changing = (index: number) => (change: (now: PlaygroundRun) => PlaygroundRun) => {
      if (!started.signal.aborted) setRuns((all) => all.map((run, place) => (place === index ? change(run) : run)))
    }
    await Promise.all(inputs.map((input, index) => tryModel(control, input, started.signal, changing(index))))
  }
  const stop = () => {
    abort.current?.abort()
    setRuns((all) => all.map((run) => (isOver(run) ? run : { ...run, state: 'stopped' })))
  }
  return { runs, send, stop }
}

type SetRun = (change: (now: PlaygroundRun) => PlaygroundRun) => void

async function tryModel(
  control: ControlClient,
  input: PlaygroundInput,
  signal: AbortSignal,
  setRun: SetRun,
): Promise<void> {
  try {
    const response = await control.playground(
      { application: input.application, path: '/v1/chat/completions', body: bodyOf(input) },
      { signal },
    )
    const callId = response.headers.get('x-request-id')
    setRun((now) => ({ ...now, status: response.status, ...(callId ? { callId } : {}) }))
    if (!response.ok) throw new Error(errorText(await response.text(), response.status))
    await show(response, setRun)
  } catch (error) {
    setRun((now) => ({ ...now, state: 'failed', error }))
  }
}

async function show(response: Response, setRun: SetRun): Promise<void> {
  for await (const piece of chatPieces(chunksOf(response))) {
    if (piece.error) throw new Error(piece.error)
    setRun((now) => ({ ...now, state: 'streaming', text: now.text + piece.text }))
  }
  setRun((now) => ({ ...now, state: 'done' }))
}

const bodyOf = ({ model, system, prompt, temperature, maxTokens }: PlaygroundInput) => ({
  model,
  stream: true,
  ...(temperature === undefined ? {} : { temperature }),
  ...(maxTokens === undefined ? {} : { max_tokens: maxTokens }),
  messages: [...(system ? [{ role: 'system', content: system }] : []), { role: 'user', content: prompt }],
})
