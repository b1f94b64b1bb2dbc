import type { TypedResource } from '@konnect/client'
import type { JsonObject } from '@konnect/contract'
import { Button } from '@mantine/core'
import { useState } from 'react'
import { useResources } from '../../api/queries.ts'
import { attempt } from '../../change/attempt.ts'
import { useResourceChange } from '../../change/use-resource-change.ts'
import { PolicyDrawer } from '../../policies/policy-drawer.tsx'
import { PolicyRow } from '../../policies/policy-list.tsx'
import type { PolicyUse } from '../../policies/policy-text.ts'
import { commandOf } from '../../ui/command.ts'
import { EmptyState } from '../../ui/empty-state.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { QueryView } from '../../ui/query-view.tsx'

type Policy = TypedResource<'policy'>

const asUse = (policy: Policy): PolicyUse => policy.spec as unknown as PolicyUse

/** Policies of the whole gateway. */
export function PoliciesPage() {
  const policies = useResources('policy', { limit: 200 })
  const change = useResourceChange('policy')
  const [open, setOpen] = useState<Policy | 'new'>()
  const save = async (use: PolicyUse) => {
    const spec = { ...use } as unknown as JsonObject
    await (typeof open === 'object' ? change.replace(open, spec) : change.create(spec))
    setOpen(undefined)
  }
  const toggle = (policy: Policy, enabled: boolean) =>
    attempt(() => change.replace(policy, { ...(policy.spec as unknown as JsonObject), enabled }))
  const add = <Button onClick={() => setOpen('new')}>Add policy</Button>
  return (
    <>
      <PageHeader title="Policies" action={add}>
        These run for every request of every tenant. Policies of one API, model or application stand on its own page.
      </PageHeader>
      <QueryView query={policies} rows={4}>
        {({ items }) =>
          items.length === 0 ? (
            <EmptyState
              title="No policy for the whole gateway"
              action={add}
              command={commandOf('POST', '/policies', { use: 'cors' })}
            >
              Put here what must hold everywhere, such as which browsers may call or which addresses are refused.
            </EmptyState>
          ) : (
            <ol className="k-policies">
              {items.map((policy, index) => (
                <PolicyRow
                  key={policy.id}
                  policy={asUse(policy)}
                  place={index + 1}
                  toggle={(enabled) => void toggle(policy, enabled)}
                  edit={() => setOpen(policy)}
                  remove={() => void attempt(() => change.remove(policy))}
                />
              ))}
            </ol>
          )
        }
      </QueryView>
      {open && (
        <PolicyDrawer
          policy={typeof open === 'object' ? asUse(open) : undefined}
          close={() => setOpen(undefined)}
          save={save}
        />
      )}
    </>
  )
}
