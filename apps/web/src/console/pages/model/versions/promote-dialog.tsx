import type { TypedResource } from '@konnect/client'
import { Button, Modal, NumberInput } from '@mantine/core'
import { useState } from 'react'
import { ErrorState } from '../../../ui/error-state.tsx'
import { useTrafficChange } from './use-traffic-change.ts'

interface PromoteDialogProps {
  readonly model: TypedResource<'model'>
  readonly version: string
  readonly close: () => void
}

/** Asks how much of the requests a version gets; what that changes is shown next. */
export function PromoteDialog({ model, version, close }: PromoteDialogProps) {
  const { promote } = useTrafficChange(model)
  const [percent, setPercent] = useState<number | string>(100)
  const [error, setError] = useState<unknown>()
  const isShare = typeof percent === 'number' && Number.isInteger(percent) && percent >= 1 && percent <= 100
  const review = async () => {
    setError(undefined)
    try {
      await promote(version, Number(percent))
      close()
    } catch (refusal) {
      setError(refusal)
    }
  }
  return (
    <Modal opened onClose={close} title={`Promote ${version}`}>
      <form
        className="k-stack"
        onSubmit={(event) => {
          event.preventDefault()
          void review()
        }}
      >
        <NumberInput
          label="Percent of the requests"
          description="The other versions share the rest as they do now. Requests that name a version always get it."
          min={1}
          max={100}
          allowDecimal={false}
          suffix="%"
          value={percent}
          onChange={setPercent}
          error={isShare ? undefined : 'A whole number from 1 to 100.'}
          data-autofocus
        />
        {error !== undefined && <ErrorState error={error} />}
        <div className="k-row">
          <Button type="submit" disabled={!isShare}>
            Review
          </Button>
          <Button variant="default" onClick={close}>
            Keep as it is
          </Button>
        </div>
      </form>
    </Modal>
  )
}
