import './audit.css'
import type { AuditEvent } from '@konnect/contract'
import { Select } from '@mantine/core'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useControl, useTenant } from '../../api/control.ts'
import { useCatalog } from '../../api/queries.ts'
import { formatNoun } from '../../format/number.ts'
import { actorText } from '../../ui/actor.ts'
import { EmptyState } from '../../ui/empty-state.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { Pager } from '../../ui/pager.tsx'
import { QueryView } from '../../ui/query-view.tsx'
import { Time } from '../../ui/time.tsx'
import { useSearchState } from '../../url-state/use-search-state.ts'

/** What people and tokens did to the configuration. */
export function AuditPage() {
  const [{ cursor, kind }, setSearch] = useSearchState()
  const control = useControl()
  const tenant = useTenant()
  const kinds = useCatalog().data?.resources.map((resource) => ({ value: resource.kind, label: resource.title })) ?? []
  const page = { limit: 50, ...(cursor ? { cursor } : {}), ...(kind ? { kind } : {}) }
  const query = useQuery({
    queryKey: ['audit', tenant, page],
    queryFn: () => control.audit.list(page),
    placeholderData: keepPreviousData,
  })
  return (
    <>
      <PageHeader title="Audit">
        Who changed what, when and from where. Secrets are masked; nothing can be removed.
      </PageHeader>
      <div className="k-toolbar">
        <Select
          aria-label="Filter by kind"
          placeholder="Any kind"
          data={kinds}
          value={kind ?? null}
          clearable
          onChange={(value) => setSearch({ kind: value ?? undefined })}
        />
      </div>
      <QueryView query={query}>
        {({ items, nextCursor }) =>
          items.length === 0 ? (
            <EmptyState title={kind ? 'No event of this kind' : 'No event yet'}>
              Every act of an administrator or an API token leaves an event here, with what it changed.
            </EmptyState>
          ) : (
            <div className="k-table-frame">
              <ul className="k-events" aria-label="Audit events">
                {items.map((event) => (
                  <Event key={event.id} event={event} />
                ))}
              </ul>
              <Pager nextCursor={nextCursor} shown={formatNoun(items.length, 'event')} />
            </div>
          )
        }
      </QueryView>
    </>
  )
}

function Event({ event }: { readonly event: AuditEvent }) {
  const hasChange = Object.keys(event.change).length > 0
  const line = (
    <span className="k-event-line">
      <strong>{event.action}</strong>
      <span className="k-break">{event.resourceName ?? ''}</span>
      <span className="k-dim k-break">{actorText(event.actor)}</span>
      <span className="k-dim">{event.clientIp ?? ''}</span>
      <span className="k-dim">
        <Time iso={event.at} />
      </span>
    </span>
  )
  if (!hasChange) return <li className="k-event">{line}</li>
  return (
    <li className="k-event">
      <details>
        <summary>{line}</summary>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reachable by keyboard */}
        <pre className="k-event-change" tabIndex={0}>
          {JSON.stringify(event.change, null, 2)}
        </pre>
      </details>
    </li>
  )
}
