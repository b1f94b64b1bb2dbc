import { ControlApiError } from '@konnect/client'
import { ERRORS } from '@konnect/contract'
import { Button } from '@mantine/core'
import { CopyButton } from './copy-button.tsx'

const adviceOf = (code: string): string | undefined =>
  code === 'unreachable'
    ? 'Check that the control plane still runs and that this browser can reach it.'
    : code in ERRORS
      ? ERRORS[code as keyof typeof ERRORS].advice
      : undefined

interface Told {
  readonly title: string
  readonly detail: string
  readonly advice?: string | undefined
  readonly requestId?: string | undefined
}

function tell(error: unknown): Told {
  if (error instanceof ControlApiError)
    return { title: error.title, detail: error.detail, advice: adviceOf(error.code), requestId: error.requestId }
  return { title: 'This page failed', detail: error instanceof Error ? error.message : String(error) }
}

/** What happened, what to do about it, the request id to search the log for, and a way to try again. */
export function ErrorState({ error, retry }: { readonly error: unknown; readonly retry?: () => void }) {
  const told = tell(error)
  return (
    <div className="k-error" role="alert">
      <h2>{told.title}</h2>
      <p>{told.detail}</p>
      {told.advice && <p className="k-dim">{told.advice}</p>}
      {told.requestId && (
        <p className="k-dim">
          Request id <code>{told.requestId}</code> <CopyButton text={told.requestId} label="Copy the request id" />
        </p>
      )}
      {retry && (
        <Button variant="default" onClick={retry}>
          Try again
        </Button>
      )}
    </div>
  )
}
