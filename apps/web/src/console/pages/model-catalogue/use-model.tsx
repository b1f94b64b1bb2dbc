import type { CatalogModel } from '@konnect/contract'
import { Button, Modal } from '@mantine/core'
import { useState } from 'react'
import { useCatalog, useResources } from '../../api/queries.ts'
import { specOfChoice } from '../../models/model-choice.ts'
import { NewModelDrawer } from '../../models/new-model-drawer.tsx'
import { ProviderDrawer } from '../../providers/provider-drawer.tsx'
import { QueryView } from '../../ui/query-view.tsx'

interface UseModelProps {
  readonly model: CatalogModel
  /** Where it is to run; the first provider of its vendor when left out. */
  readonly provider?: string
  /** Told of the provider that was created on the way. */
  readonly goOn: (name: string) => void
  readonly close: () => void
}

const ALL = 1000

/** From a known model to the form of a new one; where its vendor has no provider yet, by way of that. */
export function UseModel({ model, provider, goOn, close }: UseModelProps) {
  const providers = useResources('provider', { limit: ALL, isEnabled: provider === undefined })
  const [isAdding, setAdding] = useState(false)
  const found = provider ?? providers.data?.items.find(({ spec }) => spec.vendor === model.vendor)?.name
  if (found !== undefined) return <NewModelDrawer initial={specOfChoice(model, found)} close={close} />
  if (isAdding) return <ProviderDrawer vendorId={model.vendor} close={close} done={goOn} />
  return (
    <Modal opened onClose={close} title={`Use ${model.id}`}>
      <QueryView query={providers} rows={2}>
        {() => <NoProvider vendorId={model.vendor} add={() => setAdding(true)} close={close} />}
      </QueryView>
    </Modal>
  )
}

interface NoProviderProps {
  readonly vendorId: string
  readonly add: () => void
  readonly close: () => void
}

function NoProvider({ vendorId, add, close }: NoProviderProps) {
  const title = useCatalog().data?.vendors.find((vendor) => vendor.id === vendorId)?.title ?? vendorId
  return (
    <div className="k-stack">
      <p>
        There is no provider of {title} yet. A provider holds the credentials that the model runs with; add one first,
        and this goes on with the model.
      </p>
      <div className="k-row">
        <Button onClick={add}>Add provider</Button>
        <Button variant="default" onClick={close}>
          Cancel
        </Button>
      </div>
    </div>
  )
}
