import type { Change } from '@konnect/contract'
import { Button, Modal } from '@mantine/core'
import { useState } from 'react'
import { ErrorState } from '../ui/error-state.tsx'
import type { ChangeRequest } from './change-request.ts'
import { ChangeView } from './change-view.tsx'

interface ChangeDialogProps {
  readonly request: ChangeRequest
  readonly changes: readonly Change[]
  readonly close: () => void
  readonly confirm: () => Promise<void>
}

/** Shows what a change does before it is published. */
export function ChangeDialog({ request, changes, close, confirm }: ChangeDialogProps) {
  const [isBusy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>()
  const isSame = changes.every((change) => change.action === 'unchanged')
  const run = async () => {
    setBusy(true)
    setError(undefined)
    try {
      await confirm()
    } catch (refusal) {
      setError(refusal)
      setBusy(false)
    }
  }
  return (
    <Modal opened onClose={close} title={request.title} size="lg">
      <div className="k-stack">
        <p className="k-dim">
          {isSame ? 'This changes nothing.' : 'Gateways serve this as soon as you confirm. You can undo it afterwards.'}
        </p>
        {request.warning && (
          <p className="k-notice" data-tone="warn">
            {request.warning}
          </p>
        )}
        <ChangeView changes={changes} />
        {error !== undefined && <ErrorState error={error} />}
      </div>
      <div className="k-dialog-end">
        <Button variant="default" onClick={close}>
          Keep editing
        </Button>
        <Button
          color={request.isDangerous ? 'red' : 'accent'}
          loading={isBusy}
          disabled={isSame}
          data-autofocus
          onClick={() => void run()}
        >
          {request.verb}
        </Button>
      </div>
    </Modal>
  )
}
