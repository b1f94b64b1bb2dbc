import { useEffect, useRef, useState } from 'react'
import { useControl } from '../api/control.ts'
import { chatPieces, chunksOf, errorText } from './chat-stream.ts'

/** What a try has come to. */
export interface PlaygroundRun {
  readonly state: 'idle' | 'waiting' | 'streaming' | 'done' | 'failed' | 'stopped'
  readonly text: string
  readonly error?: unknown
  /** Id of the call, to look up its record. */
  readonly callId?: string
}

export interface PlaygroundInput {
  readonly application: string
  readonly model: string
  readonly system: string
  readonly prompt: string
}

const IDLE: PlaygroundRun = { state: 'idle', text: '' }

/** Sends a streamed chat call as an application. A new try, and leaving the page, stop the one before. */
export function usePlayground() {
  const control = useControl()
  const [run, setRun] = useState(IDLE)
  const abort = useRef<AbortController>(undefined)
  useEffect(() => () => abort.current?.abort(), [])
  const send = async (input: PlaygroundInput) => {
    abort.current?.abort()
    const started = new AbortController()
    abort.current = started
    const { signal } = started
    setRun({ state: 'waiting', text: '' })
    try {
      const response = await control.playground(
        { application: input.application, path: '/v1/chat/completions', body: bodyOf(input) },
        { signal },
      )
      const callId = response.headers.get('x-request-id')
      setRun((now) => ({ ...now, ...(callId ? { callId } : {}) }))
      if (!response.ok) throw new Error(errorText(await response.text(), response.status))
      await show(response, setRun)
    } catch (error) {
      if (!signal.aborted) setRun((now) => ({ ...now, state: 'failed', error }))
    }
  }
  const stop = () => {
    abort.current?.abort()
    setRun((now) => ({ ...now, state: 'stopped' }))
  }
  return { run, send, stop }
}

type SetRun = (change: (now: PlaygroundRun) => PlaygroundRun) => void

async function show(response: Response, setRun: SetRun): Promise<void> {
  for await (const piece of chatPieces(chunksOf(response))) {
    if (piece.error) throw new Error(piece.error)
    setRun((now) => ({ ...now, state: 'streaming', text: now.text + piece.text }))
  }
  setRun((now) => ({ ...now, state: 'done' }))
}

const bodyOf = ({ model, system, prompt }: PlaygroundInput) => ({
  model,
  stream: true,
  messages: [...(system ? [{ role: 'system', content: system }] : []), { role: 'user', content: prompt }],
})
