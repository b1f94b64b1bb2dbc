import type { AiCall, Usage } from '@konnect/contract'
import { formatMs } from '../../format/duration.ts'
import { exactUsd, formatUsd } from '../../format/money.ts'
import { formatCount, formatNoun } from '../../format/number.ts'
import { PageLink } from '../../ui/page-link.tsx'
import { Panel } from '../../ui/panel.tsx'
import { State } from '../../ui/state.tsx'

const PRICE_SOURCES: Readonly<Record<string, string>> = {
  operator: 'from the price you gave',
  catalog: 'from list prices',
}

/** The AI half of a call: model, usage, cost. */
export function AiPanel({ ai }: { readonly ai: AiCall }) {
  return (
    <Panel title="Model, tokens and cost">
      <div className="k-call-columns">
        <dl className="k-facts">
          <dt>Model</dt>
          <dd>
            <PageLink to="/models/$model" params={{ model: ai.model }}>
              {ai.model}
            </PageLink>{' '}
            {ai.version && <span className="k-mono k-dim">{ai.version}</span>}
          </dd>
          {ai.shadowOf && (
            <>
              <dt>Made to compare with</dt>
              <dd>
                <PageLink to="/calls/$call" params={{ call: ai.shadowOf }}>
                  <span className="k-mono">{ai.shadowOf}</span>
                </PageLink>
              </dd>
            </>
          )}
          <dt>Answered by</dt>
          <dd>
            {ai.provider ?? 'nobody'} {ai.upstreamModel && <span className="k-mono k-dim">{ai.upstreamModel}</span>}
          </dd>
          <PlaceFacts ai={ai} />
          <dt>Client spoke</dt>
          <dd>
            {ai.dialect}, {ai.isStream ? 'streamed' : 'in one piece'}
          </dd>
          <dt>Finish reason</dt>
          <dd>
            {ai.finishReason ?? 'none'} {ai.isTruncated && <State tone="bad">truncated</State>}
          </dd>
          {ai.dropped.length > 0 && (
            <>
              <dt>Left out</dt>
              <dd>
                {ai.dropped.join(', ')} <span className="k-dim">(the target could not express it)</span>
              </dd>
            </>
          )}
        </dl>
        <dl className="k-facts">
          <dt>Cost</dt>
          <dd>
            {ai.costUsd === null ? (
              'price unknown'
            ) : (
              <>
                <strong title={exactUsd(ai.costUsd)}>{formatUsd(ai.costUsd)}</strong>{' '}
                <span className="k-dim">{PRICE_SOURCES[ai.priceSource ?? ''] ?? ''}</span>
              </>
            )}
          </dd>
          {ai.usage ? <UsageFacts usage={ai.usage} /> : <NoUsage />}
        </dl>
      </div>
    </Panel>
  )
}

/** Where the content was, and how long it waited to get there. */
const PlaceFacts = ({ ai: { region, residency, queuedMs } }: { readonly ai: AiCall }) => (
  <>
    {region && (
      <>
        <dt>Processed in</dt>
        <dd className="k-mono">{region}</dd>
      </>
    )}
    {residency && (
      <>
        <dt>Held to</dt>
        <dd className="k-mono k-break">{residency}</dd>
      </>
    )}
    {queuedMs !== undefined && (
      <>
        <dt>Waited for room</dt>
        <dd>{formatMs(queuedMs)}</dd>
      </>
    )}
  </>
)

const NoUsage = () => (
  <>
    <dt>Tokens</dt>
    <dd>the vendor reported none</dd>
  </>
)

function UsageFacts({ usage }: { readonly usage: Usage }) {
  return (
    <>
      <dt>Input</dt>
      <dd>
        {formatNoun(usage.inputTokens, 'token')}
        <TokenParts
          parts={[
            ['read from the cache', usage.cachedInputTokens],
            ['written to the cache', usage.cacheWriteTokens + usage.cacheWriteLongTokens],
            ['sound', usage.inputAudioTokens ?? 0],
          ]}
        />
      </dd>
      <dt>Output</dt>
      <dd>
        {formatNoun(usage.outputTokens, 'token')}
        <TokenParts
          parts={[
            ['reasoning', usage.reasoningTokens],
            ['sound', usage.outputAudioTokens ?? 0],
          ]}
        />
      </dd>
    </>
  )
}

/** What some of the tokens were; nothing where none were anything in particular. */
function TokenParts({ parts }: { readonly parts: readonly (readonly [what: string, count: number])[] }) {
  const said = parts.filter(([, count]) => count > 0).map(([what, count]) => `${formatCount(count)} ${what}`)
  return said.length > 0 && <span className="k-dim">, of them {said.join(', ')}</span>
}
