import './versions.css'
import type { TypedResource } from '@konnect/client'
import type { Comparison } from '@konnect/contract'
import { formatMs } from '../../../format/duration.ts'
import { formatUsd } from '../../../format/money.ts'
import { formatNoun } from '../../../format/number.ts'
import { useComparisons } from '../../../models/version-queries.ts'
import { PageLink } from '../../../ui/page-link.tsx'
import { Pager } from '../../../ui/pager.tsx'
import { Panel } from '../../../ui/panel.tsx'
import { QueryView } from '../../../ui/query-view.tsx'
import { StatusCode } from '../../../ui/state.tsx'
import { Time } from '../../../ui/time.tsx'
import { useSearchState } from '../../../url-state/use-search-state.ts'
import { RatingButtons } from './rating-buttons.tsx'

/** Pairs of answers: what the client got, and what the shadow would have said. */
export function Comparisons({ model }: { readonly model: TypedResource<'model'> }) {
  const [search] = useSearchState()
  const query = useComparisons(model.name, search)
  return (
    <Panel title="Answers side by side">
      <QueryView query={query} rows={4}>
        {({ items, nextCursor }) =>
          items.length === 0 ? (
            <p className="k-dim">{nothingSentence(model.spec.traffic?.shadow?.version)}</p>
          ) : (
            <div className="k-stack">
              {items.map((pair) => (
                <Pair key={pair.shadow.call.id} pair={pair} />
              ))}
              <Pager nextCursor={nextCursor} shown={formatNoun(items.length, 'pair')} />
            </div>
          )
        }
      </QueryView>
    </Panel>
  )
}

const nothingSentence = (shadow: string | undefined): string =>
  shadow === undefined
    ? 'Name a version as the shadow of this model: it is asked the same as the others, its answers are kept here and never returned.'
    : `No answers of ${shadow} in the chosen time. They appear here a moment after a request was answered.`

function Pair({ pair: { main, shadow } }: { readonly pair: Comparison }) {
  return (
    <article className="k-pair" aria-label={`Comparison ${main.call.id}`}>
      <p className="k-dim k-small">
        <Time iso={main.call.startedAt} />
        {main.call.application !== null && ` by ${main.call.application}`}
      </p>
      <div className="k-pair-columns">
        <Answer title="Returned" side={main} />
        <Answer title="Shadow" side={shadow} />
      </div>
    </article>
  )
}

function Answer({ title, side: { call, quality } }: { readonly title: string; readonly side: Comparison['main'] }) {
  const { ai, content } = call
  return (
    <figure className="k-stack" data-tight aria-label={`${title}: ${ai?.version ?? ''}`}>
      <h3 className="k-row">
        <span className="k-mono k-break">{ai?.version ?? '–'}</span>
        <span className="k-tag">{title.toLowerCase()}</span>
        <StatusCode status={call.status} />
      </h3>
      {content?.answer === undefined ? (
        <p className="k-dim k-small">No answer was kept.</p>
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reachable by keyboard
        <div className="k-answer" tabIndex={0}>
          {content.answer || <span className="k-dim">An empty answer.</span>}
        </div>
      )}
      <div className="k-row k-small" data-spread>
        <span className="k-dim">
          <PageLink to="/calls/$call" params={{ call: call.id }}>
            {formatMs(call.durationMs)}
          </PageLink>
          {ai?.costUsd != null && `, ${formatUsd(ai.costUsd)}`}
        </span>
        <RatingButtons callId={call.id} quality={quality} />
      </div>
    </figure>
  )
}
