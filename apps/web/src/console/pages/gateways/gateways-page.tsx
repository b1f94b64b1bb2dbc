import type { GatewayInfo } from '@konnect/contract'
import { useGateways, useSnapshots } from '../../api/queries.ts'
import { Fact } from '../../calls/traffic-strip.tsx'
import { formatCount, formatNoun } from '../../format/number.ts'
import { type Column, DataTable } from '../../ui/data-table.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { Panel } from '../../ui/panel.tsx'
import { QueryView } from '../../ui/query-view.tsx'
import { State } from '../../ui/state.tsx'
import { Time } from '../../ui/time.tsx'
import { useNow } from '../../ui/use-now.ts'

const SILENT_AFTER_MS = 30_000

/** Running gateways: what they serve, how they are, and the health of their targets. */
export function GatewaysPage() {
  const gateways = useGateways()
  const latest = useSnapshots({ limit: 1 }).data?.items[0]?.version
  return (
    <>
      <PageHeader title="Gateways">
        The nodes that carry traffic. Each reports every few seconds; all should serve the newest version.
      </PageHeader>
      <QueryView query={gateways}>
        {({ items }) =>
          items.length === 0 ? (
            <EmptyState
              title="No gateway has reported yet"
              command={`konnect gateway --control ${window.location.origin}`}
            >
              A gateway serves traffic even while the control plane is away. The one that konnect start runs reports
              within a few seconds; further ones join with one command.
            </EmptyState>
          ) : (
            <div className="k-stack">
              {items.map((gateway) => (
                <Gateway key={gateway.id} gateway={gateway} latest={latest} />
              ))}
            </div>
          )
        }
      </QueryView>
    </>
  )
}

function Gateway({ gateway, latest }: { readonly gateway: GatewayInfo; readonly latest: number | undefined }) {
  const isSilent = useNow() - Date.parse(gateway.lastSeenAt) > SILENT_AFTER_MS
  const isBehind = latest !== undefined && gateway.snapshotVersion < latest
  return (
    <Panel
      title={gateway.id}
      action={isSilent ? <State tone="bad">silent</State> : <State tone="good">reporting</State>}
    >
      <div className="k-stack">
        <div className="k-row k-gaps">
          <Fact title="Serves version">
            {gateway.snapshotVersion} {isBehind && <State tone="warn">{latest} is newer</State>}
          </Fact>
          <Fact title="Workers">{gateway.workers}</Fact>
          <Fact title="Started">
            <Time iso={gateway.startedAt} />
          </Fact>
          <Fact title="Last seen">
            <Time iso={gateway.lastSeenAt} />
          </Fact>
          <Fact title="Deployments">
            {formatCount(gateway.ai.deployments)}
            {gateway.ai.cooling > 0 && <State tone="bad">{gateway.ai.cooling} failing</State>}
          </Fact>
          <Fact title="Model calls in flight">{formatCount(gateway.ai.inFlight)}</Fact>
          <Fact title="Resting keys">
            {gateway.ai.restingKeys === 0 ? 'none' : <State tone="warn">{formatCount(gateway.ai.restingKeys)}</State>}
          </Fact>
          <Fact title="Calls to ship">
            {gateway.spool.isFull ? <State tone="bad">spool full</State> : formatCount(gateway.spool.pending)}
          </Fact>
          <Fact title="Records lost">
            {gateway.spool.dropped === 0 ? (
              'none'
            ) : (
              <State tone="bad">{formatNoun(gateway.spool.dropped, 'call')}</State>
            )}
          </Fact>
        </div>
        {gateway.targets.length === 0 ? (
          <p className="k-dim k-small">No targets yet: publish an API and its targets appear here.</p>
        ) : (
          <DataTable
            label={`Targets of ${gateway.id}`}
            columns={TARGET_COLUMNS}
            rows={gateway.targets}
            rowKey={(target) => `${target.upstreamId} ${target.url}`}
          />
        )}
      </div>
    </Panel>
  )
}

const TARGET_COLUMNS: readonly Column<GatewayInfo['targets'][number]>[] = [
  { id: 'url', title: 'Target', cell: ({ url }) => <span className="k-mono k-break">{url}</span> },
  {
    id: 'health',
    title: 'Health',
    cell: ({ isHealthy }) => (isHealthy ? <State tone="good">healthy</State> : <State tone="bad">unhealthy</State>),
  },
  { id: 'active', title: 'In flight', isNumeric: true, cell: ({ active }) => formatCount(active) },
  {
    id: 'upstream',
    title: 'Upstream',
    isSecondary: true,
    cell: ({ upstreamId }) => <code className="k-dim">{upstreamId}</code>,
  },
]
