import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { lazy, Suspense, useState } from 'react'
import { useControl } from '../../api/control.ts'
import { attempt } from '../../change/attempt.ts'
import { usePropose } from '../../change/change-provider.tsx'
import { formatNoun } from '../../format/number.ts'

const ChangeView = lazy(async () => ({ default: (await import('../../change/change-view.tsx')).ChangeView }))

/** Changes that were staged and wait to be published. */
export function Pending() {
  const control = useControl()
  const propose = usePropose()
  const [isShown, setShown] = useState(false)
  const query = useQuery({ queryKey: ['pending'], queryFn: () => control.snapshots.pending() })
  const changes = query.data?.changes.filter((change) => change.action !== 'unchanged') ?? []
  if (changes.length === 0) return null
  const publish = () =>
    attempt(() =>
      propose({
        title: 'Publish staged changes',
        verb: 'Publish',
        preview: () => control.snapshots.pending(),
        run: () => control.snapshots.publish(),
        done: 'Published the staged changes.',
      }),
    )
  return (
    <section className="k-notice k-stack k-below" data-tone="warn" aria-label="Staged changes">
      <div className="k-row" data-spread>
        <strong>{formatNoun(changes.length, 'staged change')} not published yet</strong>
        <span className="k-row">
          <Button variant="default" size="compact-sm" onClick={() => setShown(!isShown)}>
            {isShown ? 'Hide' : 'Show'} changes
          </Button>
          <Button size="compact-sm" onClick={() => void publish()}>
            Publish
          </Button>
        </span>
      </div>
      {isShown && (
        <Suspense fallback={null}>
          <ChangeView changes={changes} />
        </Suspense>
      )}
    </section>
  )
}
