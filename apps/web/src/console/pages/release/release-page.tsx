import { Button, Select } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { useControl } from '../../api/control.ts'
import { useSnapshots } from '../../api/queries.ts'
import { attempt } from '../../change/attempt.ts'
import { usePropose } from '../../change/change-provider.tsx'
import { ChangeView } from '../../change/change-view.tsx'
import { actorText } from '../../ui/actor.ts'
import { PageHeader } from '../../ui/page-header.tsx'
import { PageLink } from '../../ui/page-link.tsx'
import { Panel } from '../../ui/panel.tsx'
import { QueryView } from '../../ui/query-view.tsx'
import { State } from '../../ui/state.tsx'
import { Time } from '../../ui/time.tsx'
import { useSearchState } from '../../url-state/use-search-state.ts'

/** One release: what it changed, and the way back to it. */
export function ReleasePage() {
  const { version: text }: { version: string } = useParams({ strict: false })
  const version = Number(text)
  const [search, setSearch] = useSearchState()
  const control = useControl()
  const list = useSnapshots({ limit: 100 }).data?.items ?? []
  const release = useQuery({ queryKey: ['snapshot', version], queryFn: () => control.snapshots.get(version) })
  const against = Number(search.against ?? version - 1)
  const latest = list[0]?.version
  const others = list.filter((item) => item.version !== version).map((item) => String(item.version))
  return (
    <QueryView query={release}>
      {(data) => (
        <>
          <PageHeader
            title={`Version ${version}`}
            back={<PageLink to="/releases">Releases</PageLink>}
            aside={version === latest ? <State tone="good">served</State> : null}
            action={latest !== undefined && version !== latest && <RollBack version={version} latest={latest} />}
          >
            {data.note && `${data.note}. `}Published <Time iso={data.publishedAt} /> by {actorText(data.actor)}.{' '}
            <span className="k-nowrap">
              Digest <code>{data.digest.slice(0, 12)}</code>
            </span>
          </PageHeader>
          <Panel
            title="What it changed"
            action={
              others.length > 0 && (
                <Select
                  aria-label="Compare with"
                  w={176}
                  data={others.map((other) => ({ value: other, label: `Against version ${other}` }))}
                  value={others.includes(String(against)) ? String(against) : null}
                  placeholder="Compare with…"
                  onChange={(other) => setSearch({ against: other ?? undefined })}
                />
              )
            }
          >
            <Difference version={version} against={against} />
          </Panel>
        </>
      )}
    </QueryView>
  )
}

function Difference({ version, against }: { readonly version: number; readonly against: number }) {
  const control = useControl()
  const query = useQuery({
    queryKey: ['snapshot-diff', version, against],
    queryFn: () => control.snapshots.diff(version, against),
    enabled: against >= 1,
  })
  if (against < 1) return <p className="k-dim">This is the first version; there is nothing to compare it with.</p>
  return <QueryView query={query}>{({ changes }) => <ChangeView changes={changes} />}</QueryView>
}

function RollBack({ version, latest }: { readonly version: number; readonly latest: number }) {
  const control = useControl()
  const propose = usePropose()
  const rollBack = () =>
    attempt(() =>
      propose({
        title: `Roll back to version ${version}`,
        verb: 'Roll back',
        isDangerous: true,
        preview: () => control.snapshots.diff(version, latest),
        run: () => control.snapshots.rollback(version),
        done: `The configuration of version ${version} is served again, as a new version.`,
      }),
    )
  return (
    <Button variant="default" onClick={() => void rollBack()}>
      Roll back to this
    </Button>
  )
}
