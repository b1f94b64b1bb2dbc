import type { ResourceKind } from '@konnect/contract'
import { useUsedBy } from '../api/queries.ts'
import { PageLink } from './page-link.tsx'
import { Panel } from './panel.tsx'
import { QueryView } from './query-view.tsx'

const PAGE_OF: Partial<Record<ResourceKind, readonly [string, string]>> = {
  api: ['/apis/$api', 'api'],
  application: ['/applications/$application', 'application'],
  model: ['/models/$model', 'model'],
  provider: ['/providers/$provider', 'provider'],
}

/** What refers to a resource. */
export function UsedBy({ kind, name }: { readonly kind: ResourceKind; readonly name: string }) {
  const query = useUsedBy(kind, name)
  return (
    <Panel title="Used by">
      <QueryView query={query} rows={2}>
        {({ items }) =>
          items.length === 0 ? (
            <p className="k-dim k-small">Nothing refers to it yet.</p>
          ) : (
            <ul className="k-plain k-small">
              {items.map((item) => {
                const page = PAGE_OF[item.kind]
                return (
                  <li key={item.id} className="k-break">
                    <span className="k-dim">{item.kind} </span>
                    {page ? (
                      <PageLink to={page[0]} params={{ [page[1]]: item.name }}>
                        {item.name}
                      </PageLink>
                    ) : (
                      item.name
                    )}
                  </li>
                )
              })}
            </ul>
          )
        }
      </QueryView>
    </Panel>
  )
}
