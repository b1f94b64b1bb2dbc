import './playground.css'
import { Button, Select, Textarea } from '@mantine/core'
import Play from 'lucide-react/icons/play'
import Square from 'lucide-react/icons/square'
import { type FormEvent, useState } from 'react'
import { useResources } from '../api/queries.ts'
import { EmptyState } from '../ui/empty-state.tsx'
import { ErrorState } from '../ui/error-state.tsx'
import { LinkButton } from '../ui/link-button.tsx'
import { PageLink } from '../ui/page-link.tsx'
import { CallFigures } from './call-figures.tsx'
import { type PlaygroundRun, usePlayground } from './use-playground.ts'

/** Tries a model as an application would call it, through the gateway, with its policies and its costs. */
export function Playground({ model }: { readonly model: string }) {
  const applications = useResources('application', { limit: 200 })
  const enabled = applications.data?.items.filter((application) => application.spec.enabled !== false) ?? []
  const names = enabled.map((application) => application.name)
  const [chosen, choose] = useState<string | null>(null)
  const [system, setSystem] = useState('')
  const [prompt, setPrompt] = useState('Explain in two sentences what an API gateway does.')
  const { run, send, stop } = usePlayground()
  const application = chosen ?? names[0]
  if (applications.data && names.length === 0) return <WithoutApplication />
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (application) void send({ application, model, system, prompt })
  }
  const isRunning = run.state === 'waiting' || run.state === 'streaming'
  return (
    <div className="k-playground">
      <form className="k-panel k-stack" onSubmit={submit}>
        <Select
          label="As application"
          description="Its subscriptions, limits and budgets apply."
          data={names}
          value={application ?? null}
          allowDeselect={false}
          onChange={choose}
        />
        <Textarea label="System" rows={2} value={system} onChange={(event) => setSystem(event.currentTarget.value)} />
        <Textarea label="Prompt" rows={4} value={prompt} onChange={(event) => setPrompt(event.currentTarget.value)} />
        <div className="k-row">
          {isRunning ? (
            <Button variant="default" leftSection={<Square size={14} aria-hidden />} onClick={stop}>
              Stop
            </Button>
          ) : (
            <Button type="submit" disabled={!application || !prompt} leftSection={<Play size={14} aria-hidden />}>
              Send
            </Button>
          )}
          <span className="k-dim k-small">to {model}</span>
          <PageLink to="/playground" search={{ models: model }}>
            Compare with other models
          </PageLink>
        </div>
      </form>
      <Answer run={run} />
    </div>
  )
}

function WithoutApplication() {
  return (
    <EmptyState
      title="No application to call as"
      action={
        <LinkButton to="/applications" search={{ new: '1' }}>
          Create application
        </LinkButton>
      }
    >
      The playground calls through the gateway like any application, so that what you see is what they get.
    </EmptyState>
  )
}

const STATE_TEXT: Readonly<Record<PlaygroundRun['state'], string>> = {
  idle: 'The answer appears here, as it streams.',
  waiting: 'Waiting for the first token…',
  streaming: 'Streaming…',
  done: 'Complete.',
  failed: 'Failed.',
  stopped: 'Stopped.',
}

function Answer({ run }: { readonly run: PlaygroundRun }) {
  const isOver = run.state === 'done' || run.state === 'failed' || run.state === 'stopped'
  return (
    <section className="k-panel k-stack" aria-label="Answer">
      <p className="k-dim k-small" role="status">
        {STATE_TEXT[run.state]}
      </p>
      {run.text && <p className="k-answer">{run.text}</p>}
      {run.error !== undefined && <ErrorState error={run.error} />}
      {isOver && run.callId && <CallFigures id={run.callId} />}
    </section>
  )
}
