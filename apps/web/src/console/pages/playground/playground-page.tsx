import './playground-page.css'
import { useResources } from '../../api/queries.ts'
import { EmptyState } from '../../ui/empty-state.tsx'
import { LinkButton } from '../../ui/link-button.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { QueryView } from '../../ui/query-view.tsx'
import { Comparison } from './comparison.tsx'

const ALL = 1000

/** One prompt to several models at once, to compare what they answer, how fast and at what cost. */
export function PlaygroundPage() {
  const applications = useResources('application', { limit: ALL })
  const models = useResources('model', { limit: ALL })
  return (
    <>
      <PageHeader title="Playground">
        Send one prompt to up to four models at once, as an application would, and compare answers, speed and cost.
      </PageHeader>
      <QueryView query={models}>
        {(known) => (
          <QueryView query={applications}>
            {(all) => {
              const names = all.items.filter(({ spec }) => spec.enabled !== false).map(({ name }) => name)
              if (known.items.length === 0) return <Without what="model" to="/models" />
              if (names.length === 0) return <Without what="application" to="/applications" />
              return <Comparison applications={names} models={known.items} />
            }}
          </QueryView>
        )}
      </QueryView>
    </>
  )
}

function Without({ what, to }: { readonly what: 'model' | 'application'; readonly to: string }) {
  return (
    <EmptyState title={`No ${what} yet`} action={<LinkButton to={to}>Go to {what}s</LinkButton>}>
      The playground calls models through the gateway as one of your applications, so that what you see is what they
      get. Create {what === 'model' ? 'a model' : 'an application'} first.
    </EmptyState>
  )
}
