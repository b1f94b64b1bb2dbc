import './call.css'
import type { Call } from '@konnect/contract'
import { ERRORS } from '@konnect/contract'
import { useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { useControl, useTenant } from '../../api/control.ts'
import { Fact } from '../../calls/traffic-strip.tsx'
import { formatMs } from '../../format/duration.ts'
import { formatBytes } from '../../format/number.ts'
import { CopyButton } from '../../ui/copy-button.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { PageLink } from '../../ui/page-link.tsx'
import { Panel } from '../../ui/panel.tsx'
import { QueryView } from '../../ui/query-view.tsx'
import { StatusCode } from '../../ui/state.tsx'
import { Time } from '../../ui/time.tsx'
import { AiPanel } from './ai-panel.tsx'
import { Attempts } from './attempts.tsx'
import { Content } from './content.tsx'
import { Waterfall } from './waterfall.tsx'

/** One call in every detail. */
export function CallPage() {
  const { call: id }: { call: string } = useParams({ strict: false })
  const control = useControl()
  const tenant = useTenant()
  const query = useQuery({ queryKey: ['call', tenant, id], queryFn: () => control.calls.get(id) })
  return <QueryView query={query}>{(call) => <Loaded call={call} />}</QueryView>
}

function Loaded({ call }: { readonly call: Call }) {
  return (
    <>
      <PageHeader
        title={`${call.method} ${call.path}`}
        back={<PageLink to="/calls">Calls</PageLink>}
        aside={<StatusCode status={call.status} />}
      >
        <span className="k-row">
          <code>{call.id}</code>
          <CopyButton text={call.id} label="Copy the call id" />
          <Time iso={call.startedAt} />
        </span>
      </PageHeader>
      <div className="k-stack">
        <Fault call={call} />
        <div className="k-strip k-flush">
          <Fact title="Duration">{formatMs(call.durationMs)}</Fact>
          <Fact title="Gateway">{formatMs(call.gatewayMs)}</Fact>
          <Fact title="Upstream, to the head">
            {call.upstreamMs === null ? 'not reached' : formatMs(call.upstreamMs)}
          </Fact>
          <Fact title="Request">{formatBytes(call.requestBytes)}</Fact>
          <Fact title="Response">{formatBytes(call.responseBytes)}</Fact>
          {call.ai?.firstTokenMs != null && <Fact title="First token">{formatMs(call.ai.firstTokenMs)}</Fact>}
        </div>
        <div className="k-call-columns">
          <Panel title="Where the time went">
            <Waterfall stations={call.stations} />
          </Panel>
          <Panel title="Who, what, where">
            <Facts call={call} />
          </Panel>
        </div>
        {call.ai && <AiPanel ai={call.ai} />}
        <Panel title="Attempts">
          <Attempts attempts={call.attempts} />
        </Panel>
        <Content call={call} />
      </div>
    </>
  )
}

function Fault({ call }: { readonly call: Call }) {
  if (call.errorCode === null) return null
  const known = call.errorCode in ERRORS ? ERRORS[call.errorCode as keyof typeof ERRORS] : undefined
  return (
    <section className="k-notice k-stack" data-tight data-tone={call.status >= 500 ? 'bad' : 'warn'} aria-label="Error">
      <h2>
        {known?.title ?? call.errorCode} <code className="k-dim">{call.errorCode}</code>
      </h2>
      {call.errorReason && <p className="k-mono k-break">{call.errorReason}</p>}
      {known && <p className="k-dim">{known.advice}</p>}
    </section>
  )
}

function Facts({ call }: { readonly call: Call }) {
  return (
    <dl className="k-facts">
      <dt>Application</dt>
      <dd>
        {call.application ? (
          <PageLink to="/applications/$application" params={{ application: call.application }}>
            {call.application}
          </PageLink>
        ) : (
          'unknown'
        )}
      </dd>
      {call.api && (
        <>
          <dt>API, route</dt>
          <dd>
            <PageLink to="/apis/$api" params={{ api: call.api }}>
              {call.api}
            </PageLink>
            {call.route && <span className="k-dim"> {call.route}</span>}
          </dd>
        </>
      )}
      <dt>Client</dt>
      <dd>
        {call.clientIp}
        {call.userAgent && <span className="k-dim"> {call.userAgent}</span>}
      </dd>
      <dt>Host</dt>
      <dd>{call.host}</dd>
      <dt>Gateway</dt>
      <dd>
        {call.gateway}, version{' '}
        <PageLink to="/releases/$version" params={{ version: String(call.snapshotVersion) }}>
          {call.snapshotVersion}
        </PageLink>
      </dd>
      {call.traceId && (
        <>
          <dt>Trace</dt>
          <dd className="k-mono">{call.traceId}</dd>
        </>
      )}
    </dl>
  )
}
