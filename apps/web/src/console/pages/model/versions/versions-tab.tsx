import type { TypedResource } from '@konnect/client'
import type { JsonObject } from '@konnect/contract'
import { Button, Select } from '@mantine/core'
import { attempt } from '../../../change/attempt.ts'
import { useResourceChange } from '../../../change/use-resource-change.ts'
import { useVersionFigures } from '../../../models/version-queries.ts'
import { versionRows } from '../../../models/version-rows.ts'
import { EmptyState } from '../../../ui/empty-state.tsx'
import { QueryView } from '../../../ui/query-view.tsx'
import { DEFAULT_RANGE, RANGES } from '../../../url-state/range.ts'
import { useSearchState } from '../../../url-state/use-search-state.ts'
import { Comparisons } from './comparisons.tsx'
import { useTrafficChange } from './use-traffic-change.ts'
import { VersionTable } from './version-table.tsx'

type Model = TypedResource<'model'>

/** The versions of a model: who gets which, how they do, and what a shadow would have said. */
export function VersionsTab({ model }: { readonly model: Model }) {
  return model.spec.versions === undefined ? <NoVersions model={model} /> : <Versions model={model} />
}

function NoVersions({ model }: { readonly model: Model }) {
  const change = useResourceChange('model')
  const { deployments, ...spec } = model.spec as unknown as JsonObject
  const begin = () => change.replace(model, { ...spec, versions: [{ name: 'v1', deployments: deployments ?? [] }] })
  return (
    <EmptyState
      title="No versions yet"
      action={<Button onClick={() => void attempt(begin)}>Make this version v1</Button>}
    >
      Versions let you try another upstream model on a part of the requests, compare both, and go back at once. What
      runs now becomes the first one; nothing changes for applications.
    </EmptyState>
  )
}

function Versions({ model }: { readonly model: Model }) {
  const [search] = useSearchState()
  const figures = useVersionFigures(model.name, search)
  const { rollback } = useTrafficChange(model)
  const { previous } = model.spec.traffic ?? {}
  return (
    <div className="k-stack">
      <div className="k-row" data-spread>
        <p className="k-dim k-small">{stickySentence(model.spec.traffic?.stickyBy)}</p>
        <span className="k-row">
          {previous !== undefined && (
            <Button variant="default" onClick={() => void attempt(rollback)}>
              Roll back
            </Button>
          )}
          <RangeSelect />
        </span>
      </div>
      <QueryView query={figures} rows={3}>
        {({ items }) => <VersionTable model={model} rows={versionRows(model.spec, items)} />}
      </QueryView>
      <Comparisons model={model} />
    </div>
  )
}

function stickySentence(stickyBy: 'request' | 'application' | 'user' = 'request'): string {
  if (stickyBy === 'application') return 'An application keeps its version as long as the shares stay.'
  if (stickyBy === 'user') return 'A user keeps their version as long as the shares stay.'
  return 'Each request is drawn by itself.'
}

function RangeSelect() {
  const [search, setSearch] = useSearchState()
  return (
    <Select
      aria-label="Time range"
      w={168}
      data={RANGES.map(({ id, label }) => ({ value: id, label }))}
      value={search.range ?? DEFAULT_RANGE}
      allowDeselect={false}
      onChange={(id) => setSearch({ range: id === DEFAULT_RANGE ? undefined : (id ?? undefined) })}
    />
  )
}
