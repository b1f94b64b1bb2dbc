import type { CallStats } from '@konnect/contract'
import type { ReactNode } from 'react'
import { formatUsd } from '../../format/money.ts'
import { formatCount } from '../../format/number.ts'
import { PageLink } from '../../ui/page-link.tsx'
import { Panel } from '../../ui/panel.tsx'

/** What was called most, by whom, and what it cost. */
export function TopLists({ stats }: { readonly stats: CallStats }) {
  return (
    <div className="k-tops">
      <Top title="Busiest APIs" unit="Calls" isEmpty={stats.topApis.length === 0}>
        {stats.topApis.map((api) => (
          <Row key={api.id} figure={formatCount(api.calls)}>
            <PageLink to="/apis/$api" params={{ api: api.id }}>
              {api.name}
            </PageLink>
          </Row>
        ))}
      </Top>
      <Top title="Busiest applications" unit="Calls" isEmpty={stats.topApplications.length === 0}>
        {stats.topApplications.map((application) => (
          <Row key={application.id} figure={formatCount(application.calls)}>
            <PageLink to="/applications/$application" params={{ application: application.id }}>
              {application.name}
            </PageLink>
          </Row>
        ))}
      </Top>
      <Top title="Models" unit="Calls, cost" isEmpty={stats.topModels.length === 0}>
        {stats.topModels.map((model) => (
          <Row key={model.name} figure={`${formatCount(model.calls)}, ${formatUsd(model.costUsd)}`}>
            <PageLink to="/models/$model" params={{ model: model.name }}>
              {model.name}
            </PageLink>
          </Row>
        ))}
      </Top>
    </div>
  )
}

interface TopProps {
  readonly title: string
  readonly unit: string
  readonly isEmpty: boolean
  readonly children: ReactNode
}

function Top({ title, unit, isEmpty, children }: TopProps) {
  return (
    <Panel title={title} action={<span className="k-dim k-small">{unit}</span>}>
      {isEmpty ? <p className="k-dim k-small">None in this time.</p> : <ol className="k-top-list">{children}</ol>}
    </Panel>
  )
}

const Row = ({ figure, children }: { readonly figure: string; readonly children: ReactNode }) => (
  <li>
    <span className="k-break">{children}</span>
    <span className="k-nowrap">{figure}</span>
  </li>
)
