import './versions.css'
import type { TypedResource } from '@konnect/client'
import type { VersionFigures } from '@konnect/contract'
import { Button } from '@mantine/core'
import { useState } from 'react'
import { formatMs } from '../../../format/duration.ts'
import { exactUsd, formatUsd } from '../../../format/money.ts'
import { formatCompact, formatCount, formatShare } from '../../../format/number.ts'
import { formatQuality, type VersionRow } from '../../../models/version-rows.ts'
import { type Column, DataTable } from '../../../ui/data-table.tsx'
import { PromoteDialog } from './promote-dialog.tsx'

type Model = TypedResource<'model'>

/** A cell for a version that was called; a dash for one that was not. */
const figure = (cell: (figures: VersionFigures) => React.ReactNode) => (row: VersionRow) =>
  row.figures === undefined ? '–' : cell(row.figures)

const orDash = (ms: number | null): string => (ms === null ? '–' : formatMs(ms))

const PLACE: readonly Column<VersionRow>[] = [
  { id: 'version', title: 'Version', cell: (row) => <VersionName row={row} /> },
  { id: 'share', title: 'Share', isNumeric: true, cell: ({ percent }) => `${percent}%` },
]

const FIGURES: readonly Column<VersionRow>[] = [
  { id: 'calls', title: 'Calls', isNumeric: true, cell: figure(({ calls }) => formatCount(calls)) },
  { id: 'failed', title: 'Failed', isNumeric: true, cell: figure(({ errors, calls }) => formatShare(errors, calls)) },
  { id: 'latency', title: 'p50 / p95', isNumeric: true, cell: figure((figures) => <Latency figures={figures} />) },
  { id: 'cost', title: 'Cost and tokens', isNumeric: true, cell: figure((figures) => <Cost figures={figures} />) },
  { id: 'quality', title: 'Quality', isNumeric: true, cell: figure((figures) => <Quality figures={figures} />) },
]

/** The versions of a model with their figures, one under the other. */
export function VersionTable({ model, rows }: { readonly model: Model; readonly rows: readonly VersionRow[] }) {
  const [promoting, setPromoting] = useState<string>()
  const known = new Set(model.spec.versions?.map(({ name }) => name))
  const act: Column<VersionRow> = {
    id: 'act',
    title: 'Act',
    isTitleHidden: true,
    cell: ({ version, isShadow, percent }) =>
      known.has(version) && !isShadow && percent < 100 ? (
        <Button
          variant="default"
          size="compact-sm"
          aria-label={`Promote ${version}`}
          onClick={() => setPromoting(version)}
        >
          Promote
        </Button>
      ) : null,
  }
  return (
    <div className="k-stack" data-tight>
      <DataTable
        label="Versions"
        columns={[...PLACE, act, ...FIGURES]}
        rows={rows}
        rowKey={({ version, isShadow }) => `${version} ${isShadow}`}
      />
      <p className="k-dim k-small">
        Latency and first token (median) are of calls that were answered. Quality is the mean of what people said of
        answers, from −1 to +1. What a shadow costs is yours and in no other figure.
      </p>
      {promoting !== undefined && (
        <PromoteDialog model={model} version={promoting} close={() => setPromoting(undefined)} />
      )}
    </div>
  )
}

function VersionName({ row: { version, isShadow, figures } }: { readonly row: VersionRow }) {
  if (version === '') return <span className="k-dim">before there were versions</span>
  return (
    <>
      <span className="k-version">
        <span className="k-mono">{version}</span> {isShadow && <span className="k-tag">shadow</span>}
      </span>
      {figures !== undefined && figures.compared > 0 && (
        <div className="k-dim k-nowrap">{formatShare(figures.agreed, figures.compared)} the same</div>
      )}
    </>
  )
}

function Latency({ figures: { p50Ms, p95Ms, firstTokenP50Ms } }: { readonly figures: VersionFigures }) {
  return (
    <>
      {orDash(p50Ms)} / {orDash(p95Ms)}
      {firstTokenP50Ms !== null && <div className="k-dim">first token {formatMs(firstTokenP50Ms)}</div>}
    </>
  )
}

function Cost({ figures }: { readonly figures: VersionFigures }) {
  const { costUsd, calls, unpriced, inputTokens, outputTokens } = figures
  return (
    <>
      {unpriced === calls ? 'unknown' : <span title={exactUsd(costUsd)}>{formatUsd(costUsd)}</span>}
      <div className="k-dim">
        {formatCompact(inputTokens)} in, {formatCompact(outputTokens)} out
      </div>
    </>
  )
}

function Quality({ figures: { quality, rated } }: { readonly figures: VersionFigures }) {
  if (quality === null) return <span className="k-dim">not rated</span>
  return (
    <>
      {formatQuality(quality)} <span className="k-dim">({formatCount(rated)})</span>
    </>
  )
}
