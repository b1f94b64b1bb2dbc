import { ControlApiError } from '@konnect/client'
import type { Call } from '@konnect/contract'
import { useQuery } from '@tanstack/react-query'
import { useControl, useTenant } from '../api/control.ts'
import { Fact } from '../calls/traffic-strip.tsx'
import { formatMs } from '../format/duration.ts'
import { exactUsd, formatUsd } from '../format/money.ts'
import { formatCount } from '../format/number.ts'
import { PageLink } from '../ui/page-link.tsx'

const TRIES = 15

/** Tokens, time and cost of a call, from its record. Records arrive a moment after a call ended. */
export function CallFigures({ id }: { readonly id: string }) {
  const control = useControl()
  const tenant = useTenant()
  const query = useQuery({
    queryKey: ['call', tenant, id],
    queryFn: () => control.calls.get(id),
    retry: (failures, error) => failures < TRIES && error instanceof ControlApiError && error.status === 404,
    retryDelay: 700,
  })
  if (query.isError) return <p className="k-dim k-small">The record of this call has not arrived. Its id is {id}.</p>
  if (!query.data) return <p className="k-dim k-small">Waiting for the record of this call…</p>
  return <Figures call={query.data} />
}

function Figures({ call }: { readonly call: Call }) {
  const { ai } = call
  return (
    <div className="k-strip k-figures">
      <Fact title="First token">{ai?.firstTokenMs == null ? '–' : formatMs(ai.firstTokenMs)}</Fact>
      <Fact title="Duration">{formatMs(call.durationMs)}</Fact>
      <Fact title="Tokens in, out">
        {ai?.usage ? `${formatCount(ai.usage.inputTokens)}, ${formatCount(ai.usage.outputTokens)}` : 'not reported'}
      </Fact>
      <Fact title="Cost">
        {ai?.costUsd ? <span title={exactUsd(ai.costUsd)}>{formatUsd(ai.costUsd)}</span> : 'price unknown'}
      </Fact>
      <Fact title="Answered by">{ai?.provider ?? '–'}</Fact>
      {ai?.version && <Fact title="Version">{ai.version}</Fact>}
      <Fact title="Record">
        <PageLink to="/calls/$call" params={{ call: call.id }}>
          Open call
        </PageLink>
      </Fact>
    </div>
  )
}
