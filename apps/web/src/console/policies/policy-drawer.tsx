import type { JsonObject, PolicyDescription } from '@konnect/contract'
import { Button, Drawer } from '@mantine/core'
import { useState } from 'react'
import { useCatalog } from '../api/queries.ts'
import { blankOf } from '../schema-form/schema-edit.ts'
import { SchemaForm } from '../schema-form/schema-form.tsx'
import { QueryView } from '../ui/query-view.tsx'
import { failureText, type PolicyUse } from './policy-text.ts'

interface PolicyDrawerProps {
  /** The policy to edit; undefined to choose one of the catalog first. */
  readonly policy: PolicyUse | undefined
  readonly close: () => void
  readonly save: (policy: PolicyUse) => Promise<void>
}

/** Chooses a policy of the catalog and edits its settings. */
export function PolicyDrawer({ policy, close, save }: PolicyDrawerProps) {
  const catalog = useCatalog()
  const [chosen, choose] = useState(policy?.use)
  return (
    <Drawer opened onClose={close} size="lg" title={policy ? 'Edit policy' : 'Add policy'}>
      <QueryView query={catalog}>
        {({ policies }) => {
          const description = policies.find((candidate) => candidate.id === chosen)
          return description ? (
            <Settings
              description={description}
              policy={policy}
              save={save}
              back={policy ? undefined : () => choose(undefined)}
            />
          ) : (
            <Choices policies={policies} choose={choose} />
          )
        }}
      </QueryView>
    </Drawer>
  )
}

interface ChoicesProps {
  readonly policies: readonly PolicyDescription[]
  readonly choose: (id: string) => void
}

function Choices({ policies, choose }: ChoicesProps) {
  return (
    <ul className="k-choices" aria-label="Policies of the catalog">
      {policies.map((policy) => (
        <li key={policy.id}>
          <button type="button" className="k-choice" onClick={() => choose(policy.id)}>
            <span className="k-row" data-spread>
              <strong>{policy.title}</strong>
              <code className="k-dim">{policy.id}</code>
            </span>
            <p className="k-dim k-small">{policy.description}</p>
          </button>
        </li>
      ))}
    </ul>
  )
}

interface SettingsProps {
  readonly description: PolicyDescription
  readonly policy: PolicyUse | undefined
  readonly save: (policy: PolicyUse) => Promise<void>
  readonly back: (() => void) | undefined
}

function Settings({ description, policy, save, back }: SettingsProps) {
  const schema = description.schema
  const submit = (settings: JsonObject) => {
    const { with: _former, ...rest } = policy ?? { use: description.id }
    return save(Object.keys(settings).length === 0 ? rest : { ...rest, with: settings })
  }
  const hasSettings = Object.keys((schema.properties ?? {}) as object).length > 0
  return (
    <div className="k-stack">
      <div>
        <h2>
          {description.title} <code className="k-dim">{description.id}</code>
        </h2>
        <p className="k-dim">{description.description}</p>
        <p className="k-dim k-small">
          Acts in: {description.phases.join(', ')}. {failureText(description)}
        </p>
        {!hasSettings && <p className="k-small">It has no settings.</p>}
      </div>
      <SchemaForm schema={schema} initial={policy?.with ?? blankOf(schema)} verb="Review and publish" onSubmit={submit}>
        {back && (
          <Button variant="default" onClick={back}>
            Choose another
          </Button>
        )}
      </SchemaForm>
    </div>
  )
}
