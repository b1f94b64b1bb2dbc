import './change.css'
import type { Change } from '@konnect/contract'
import { stringify } from 'yaml'
import { State, type Tone } from '../ui/state.tsx'
import { foldUnchanged, lineDiff, type ShownLine } from './line-diff.ts'

const ACTIONS: Readonly<Record<Change['action'], { readonly title: string; readonly tone: Tone }>> = {
  create: { title: 'New', tone: 'good' },
  update: { title: 'Changed', tone: 'warn' },
  delete: { title: 'Removed', tone: 'bad' },
  unchanged: { title: 'Unchanged', tone: 'neutral' },
}

const yamlOf = (spec: Change['before']): string =>
  spec === null ? '' : stringify(spec, { aliasDuplicateObjects: false })

/** What differs, resource by resource, as lines of YAML. */
export function ChangeView({ changes }: { readonly changes: readonly Change[] }) {
  const real = changes.filter((change) => change.action !== 'unchanged')
  if (real.length === 0) return <p className="k-dim">Nothing differs.</p>
  return (
    <div className="k-stack">
      {real.map((change) => (
        <OneChange key={`${change.kind} ${change.tenant} ${change.parent} ${change.name}`} change={change} />
      ))}
    </div>
  )
}

function OneChange({ change }: { readonly change: Change }) {
  const { title, tone } = ACTIONS[change.action]
  const lines = foldUnchanged(lineDiff(yamlOf(change.before), yamlOf(change.after)))
  return (
    <section aria-label={`${title}: ${change.kind} ${change.name}`}>
      <h3 className="k-row k-diff-title">
        <State tone={tone}>{title}</State>
        <span className="k-break">
          {change.kind} <strong>{change.name}</strong>
          {change.parent && <span className="k-dim"> of {change.parent}</span>}
        </span>
      </h3>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reachable by keyboard */}
      <pre className="k-diff" tabIndex={0}>
        {lines.map((line, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a line has no identity but its place
          <Line key={index} line={line} />
        ))}
      </pre>
    </section>
  )
}

function Line({ line }: { readonly line: ShownLine }) {
  if (line.mark === '…') return <span className="k-diff-fold">{`… ${line.count} unchanged\n`}</span>
  return <span data-mark={line.mark}>{`${line.mark} ${line.text}\n`}</span>
}
