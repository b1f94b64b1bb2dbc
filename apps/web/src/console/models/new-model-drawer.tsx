import type { JsonObject } from '@konnect/contract'
import { useNavigate } from '@tanstack/react-router'
import { useResourceChange } from '../change/use-resource-change.ts'
import { ResourceDrawer } from '../schema-form/resource-drawer.tsx'
import { MODEL_EDITORS } from './model-editors.ts'

interface NewModelDrawerProps {
  /** What the form starts with; blank when left out. */
  readonly initial?: JsonObject
  readonly close: () => void
}

const EDITED_LATER = ['policies']

/** Creates a model, and leads to its page once it is published. */
export function NewModelDrawer({ initial, close }: NewModelDrawerProps) {
  const change = useResourceChange('model')
  const navigate = useNavigate()
  const create = (spec: JsonObject) =>
    change.create(spec, {
      onDone: () => void navigate({ to: '/models/$model', params: { model: String(spec.name) } as never }),
    })
  return (
    <ResourceDrawer
      kind="model"
      title="Create model"
      initial={initial}
      without={EDITED_LATER}
      editors={MODEL_EDITORS}
      close={close}
      save={create}
    />
  )
}
