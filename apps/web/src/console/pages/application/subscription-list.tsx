import type { TypedResource } from '@konnect/client'
import type { JsonObject, Page } from '@konnect/contract'
import { Button, Drawer, SegmentedControl, Select } from '@mantine/core'
import type { UseQueryResult } from '@tanstack/react-query'
import { useState } from 'react'
import { useResources } from '../../api/queries.ts'
import { attempt } from '../../change/attempt.ts'
import { useResourceChange } from '../../change/use-resource-change.ts'
import { commandOf } from '../../ui/command.ts'
import { type Column, DataTable } from '../../ui/data-table.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { ErrorState } from '../../ui/error-state.tsx'
import { PageLink } from '../../ui/page-link.tsx'
import { QueryView } from '../../ui/query-view.tsx'
import { LifecycleState } from '../../ui/state.tsx'
import { Time } from '../../ui/time.tsx'

type Subscription = TypedResource<'subscription'>

interface SubscriptionListProps {
  readonly application: string
  readonly query: UseQueryResult<Page<Subscription>>
}

/** What an application may use. */
export function SubscriptionList({ application, query }: SubscriptionListProps) {
  const [isNew, setNew] = useState(false)
  const change = useResourceChange('subscription', application)
  const setState = (subscription: Subscription, state: string) =>
    attempt(() => change.replace(subscription, { ...(subscription.spec as unknown as JsonObject), state }))
  const end = (subscription: Subscription) =>
    attempt(() => change.remove(subscription, { verb: 'End', warning: 'Calls that need it are refused with 403.' }))
  const add = <Button onClick={() => setNew(true)}>Add subscription</Button>
  const columns: readonly Column<Subscription>[] = [
    ...COLUMNS,
    {
      id: 'acts',
      title: 'Acts',
      isTitleHidden: true,
      isNumeric: true,
      cell: (subscription) => (
        <Acts
          state={subscription.spec.state ?? 'active'}
          setState={(state) => void setState(subscription, state)}
          end={() => void end(subscription)}
        />
      ),
    },
  ]
  return (
    <QueryView query={query} rows={3}>
      {({ items }) => (
        <div className="k-stack">
          {items.length === 0 ? (
            <EmptyState
              title="No subscription yet"
              action={add}
              command={commandOf('POST', `/applications/${application}/subscriptions`, { api: 'orders' })}
            >
              Access is denied by default. A subscription gives this application the right to an API or a model.
            </EmptyState>
          ) : (
            <>
              <div className="k-row" data-spread>
                <p className="k-dim k-small">Only active subscriptions give access.</p>
                {add}
              </div>
              <DataTable label="Subscriptions" columns={columns} rows={items} rowKey={(item) => item.id} />
            </>
          )}
          {isNew && (
            <NewSubscription
              close={() => setNew(false)}
              save={async (spec) => {
                await change.create(spec)
                setNew(false)
              }}
            />
          )}
        </div>
      )}
    </QueryView>
  )
}

interface ActsProps {
  readonly state: string
  readonly setState: (state: string) => void
  readonly end: () => void
}

function Acts({ state, setState, end }: ActsProps) {
  return (
    <span className="k-nowrap">
      {state === 'active' ? (
        <Button size="compact-sm" variant="subtle" color="gray" onClick={() => setState('suspended')}>
          Suspend
        </Button>
      ) : (
        <Button size="compact-sm" variant="subtle" onClick={() => setState('active')}>
          {state === 'pending' ? 'Approve' : 'Activate'}
        </Button>
      )}
      <Button size="compact-sm" variant="subtle" color="red" onClick={end}>
        End
      </Button>
    </span>
  )
}

function SubscribedTo({ spec }: Pick<Subscription, 'spec'>) {
  if (spec.api)
    return (
      <PageLink to="/apis/$api" params={{ api: spec.api }}>
        {spec.api}
      </PageLink>
    )
  if (spec.model)
    return (
      <PageLink to="/models/$model" params={{ model: spec.model }}>
        {spec.model}
      </PageLink>
    )
  return `${spec.product} (${spec.plan})`
}

const COLUMNS: readonly Column<Subscription>[] = [
  { id: 'to', title: 'To', cell: ({ spec }) => <SubscribedTo spec={spec} /> },
  {
    id: 'kind',
    title: 'Kind',
    isSecondary: true,
    cell: ({ spec }) => (spec.api ? 'API' : spec.model ? 'model' : 'product'),
  },
  { id: 'state', title: 'State', cell: ({ spec }) => <LifecycleState state={spec.state ?? 'active'} /> },
  { id: 'since', title: 'Since', isSecondary: true, cell: (item) => <Time iso={item.createdAt} /> },
]

interface NewSubscriptionProps {
  readonly close: () => void
  readonly save: (spec: JsonObject) => Promise<void>
}

function NewSubscription({ close, save }: NewSubscriptionProps) {
  const [kind, setKind] = useState<'api' | 'model'>('api')
  const [name, setName] = useState<string | null>(null)
  const [error, setError] = useState<unknown>()
  const names = useResources(kind, { limit: 200 }).data?.items.map((item) => item.name) ?? []
  const submit = () => {
    setError(undefined)
    save({ [kind]: name ?? '' }).catch(setError)
  }
  return (
    <Drawer opened onClose={close} title="Add subscription">
      <div className="k-stack">
        <SegmentedControl
          aria-label="Kind"
          data={[
            { value: 'api', label: 'API' },
            { value: 'model', label: 'Model' },
          ]}
          value={kind}
          onChange={(value) => {
            setKind(value as 'api' | 'model')
            setName(null)
          }}
        />
        <Select
          label={kind === 'api' ? 'API' : 'Model'}
          description="What this application may use from then on."
          data={names}
          value={name}
          onChange={setName}
          searchable
          placeholder="Choose…"
        />
        {error !== undefined && <ErrorState error={error} />}
        <div>
          <Button disabled={name === null} onClick={submit}>
            Review and publish
          </Button>
        </div>
      </div>
    </Drawer>
  )
}
