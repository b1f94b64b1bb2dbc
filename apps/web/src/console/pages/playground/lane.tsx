import { CallFigures } from '../../playground/call-figures.tsx'
import { isOver, type PlaygroundRun } from '../../playground/use-playground.ts'
import { Panel } from '../../ui/panel.tsx'
import { State, type Tone } from '../../ui/state.tsx'

const STATES: Readonly<Record<PlaygroundRun['state'], readonly [Tone, string]>> = {
  idle: ['neutral', 'ready'],
  waiting: ['neutral', 'waiting for the first token'],
  streaming: ['accent', 'streaming'],
  done: ['good', 'complete'],
  failed: ['bad', 'failed'],
  stopped: ['warn', 'stopped'],
}

/** What one model answers, and what its call came to. */
export function Lane({ model, run }: { readonly model: string; readonly run: PlaygroundRun }) {
  const [tone, words] = STATES[run.state]
  return (
    <Panel
      title={model}
      action={
        <span role="status">
          <State tone={tone}>{words}</State>
        </span>
      }
    >
      <div className="k-stack">
        {run.text && <p className="k-answer">{run.text}</p>}
        {run.error !== undefined && (
          <p className="k-lane-error" role="alert">
            {run.status !== undefined && run.status >= 400 && <strong>Status {run.status}: </strong>}
            {run.error instanceof Error ? run.error.message : String(run.error)}
          </p>
        )}
        {isOver(run) && run.callId && <CallFigures id={run.callId} />}
      </div>
    </Panel>
  )
}
