import { Button } from '@mantine/core'
import { useLocalStorage } from '@mantine/hooks'
import { type ReactNode, useState } from 'react'
import { useFreshKey } from '../../api/fresh-key.ts'
import { useCatalog } from '../../api/queries.ts'
import { FirstCalls } from '../../first-calls/first-calls.tsx'
import { CopyButton } from '../../ui/copy-button.tsx'
import { LinkButton } from '../../ui/link-button.tsx'
import { PageLink } from '../../ui/page-link.tsx'
import { Panel } from '../../ui/panel.tsx'
import { State } from '../../ui/state.tsx'
import { useStepStates } from './use-step-states.ts'

/** From a fresh start to the first REST call and the first AI call. Goes away once done or dismissed. */
export function FirstSteps() {
  const [isDismissed, setDismissed] = useLocalStorage({ key: 'konnect-first-steps-done', defaultValue: false })
  const states = useStepStates()
  if (isDismissed || !states) return null
  const done = Object.values(states).filter(Boolean).length
  const all = Object.values(states).length
  if (done === all) return null
  return (
    <Panel
      title={`First steps, ${done} of ${all} done`}
      action={
        <Button variant="subtle" color="gray" size="compact-sm" onClick={() => setDismissed(true)}>
          Hide first steps
        </Button>
      }
    >
      <Steps states={states} />
    </Panel>
  )
}

type States = NonNullable<ReturnType<typeof useStepStates>>

function Steps({ states }: { readonly states: States }) {
  const key = useFreshKey()
  const gatewayUrl = useCatalog().data?.gatewayUrl ?? ''
  const from = key ? { application: key.application } : {}
  const first = (Object.keys(states) as (keyof States)[]).find((step) => !states[step])
  return (
    <ol className="k-steps">
      <Step title="A gateway serves" isDone={states.gateway} isNext={first === 'gateway'}>
        <p>
          Your gateway listens at <code>{gatewayUrl}</code> <CopyButton text={gatewayUrl} label="Copy the address" />
        </p>
      </Step>
      <Step title="An API and a model are published" isDone={states.resources} isNext={first === 'resources'}>
        <p className="k-row">
          <LinkButton to="/apis/new">Create API</LinkButton>
          <PageLink to="/models">Create a model</PageLink>
        </p>
      </Step>
      <Step
        title="An application with a key and subscriptions"
        isDone={states.application}
        isNext={first === 'application'}
      >
        <p>Create an application, subscribe it to what it may use, then create its key.</p>
        <p className="k-row">
          <LinkButton to="/applications" search={{ new: '1' }}>
            Create application
          </LinkButton>
          <PageLink to="/applications">Open applications</PageLink>
        </p>
      </Step>
      <Step title="The first REST call" isDone={states.restCall} isNext={first === 'restCall'}>
        <KeyHint hasKey={key !== undefined} />
        <FirstCalls only="rest" keyValue={key?.value} {...from} />
      </Step>
      <Step title="The first AI call" isDone={states.aiCall} isNext={first === 'aiCall'}>
        <KeyHint hasKey={key !== undefined} />
        <FirstCalls only="ai" keyValue={key?.value} {...from} />
      </Step>
    </ol>
  )
}

const KeyHint = ({ hasKey }: { readonly hasKey: boolean }) =>
  hasKey ? (
    <p className="k-dim k-small">The key you just created is filled in.</p>
  ) : (
    <p className="k-dim k-small">
      Put the key of an application into <code>KONNECT_KEY</code> first. A key you create in this tab is filled in.
    </p>
  )

interface StepProps {
  readonly title: string
  readonly isDone: boolean
  /** The one to do now; it stands open. */
  readonly isNext: boolean
  readonly children: ReactNode
}

function Step({ title, isDone, isNext, children }: StepProps) {
  const [isOpen, setOpen] = useState<boolean>()
  const isShown = isOpen ?? isNext
  return (
    <li>
      <button type="button" className="k-step" aria-expanded={isShown} onClick={() => setOpen(!isShown)}>
        <State tone={isDone ? 'good' : isNext ? 'accent' : 'neutral'}>{title}</State>
        <span className="k-dim">{isDone ? 'done' : ''}</span>
      </button>
      {isShown && <div className="k-step-body k-stack">{children}</div>}
    </li>
  )
}
