import type { KeyCheck, ProviderCheck } from '@konnect/contract'
import { Button } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { formatMs } from '../format/duration.ts'
import { formatNoun } from '../format/number.ts'
import { ErrorState } from '../ui/error-state.tsx'
import { State, type Tone } from '../ui/state.tsx'

const OUTCOMES: Readonly<Record<KeyCheck['outcome'], readonly [Tone, string]>> = {
  ok: ['good', 'works'],
  reached: ['warn', 'reached, key not tried'],
  key_refused: ['bad', 'key refused'],
  limited: ['warn', 'over its rate or out of credit'],
  model_refused: ['warn', 'model refused'],
  unreachable: ['bad', 'not reached'],
  wrong_api: ['bad', 'another API'],
  vendor_failed: ['warn', 'vendor failed'],
}

interface CheckButtonProps {
  readonly check: () => Promise<ProviderCheck>
  /** Told when a check is over that may have brought models. */
  readonly done?: () => void
}

/** Asks the vendor with the keys at hand, and says what came of it. */
export function CheckButton({ check, done }: CheckButtonProps) {
  const run = useMutation({ mutationFn: check, onSuccess: () => done?.() })
  return (
    <div className="k-stack" data-tight>
      <div>
        <Button variant="default" loading={run.isPending} onClick={() => run.mutate()}>
          Test connection
        </Button>
      </div>
      <div role="status">
        {run.data && (
          <ul className="k-plain">
            {run.data.keys.map((one) => (
              <KeyResult key={one.key ?? ''} check={one} />
            ))}
          </ul>
        )}
      </div>
      {run.isError && <ErrorState error={run.error} />}
    </div>
  )
}

function KeyResult({ check }: { readonly check: KeyCheck }) {
  const [tone, words] = OUTCOMES[check.outcome]
  const figures = [
    check.latencyMs === null ? undefined : formatMs(check.latencyMs),
    check.models === null ? undefined : formatNoun(check.models, 'model'),
  ].filter((one) => one !== undefined)
  return (
    <li>
      <span className="k-row">
        {check.key !== null && <span className="k-mono k-break">{check.key}</span>}
        <State tone={tone}>{words}</State>
        {figures.length > 0 && <span className="k-dim">{figures.join(', ')}</span>}
      </span>
      <p className="k-dim k-small">{check.detail}</p>
    </li>
  )
}
