import type { LiveDeployment } from '@konnect/contract'
import { formatMs } from '../format/duration.ts'
import { State } from '../ui/state.tsx'
import { useNow } from '../ui/use-now.ts'

const CAUSES = { refused: 'refused', limited: 'over its rate' } as const

/** What is left of a rest that was told of some time ago. */
export const leftOf = (ms: number, { lastSeenAt }: Pick<LiveDeployment, 'lastSeenAt'>, nowMs: number): number =>
  Math.max(0, ms - Math.max(0, nowMs - Date.parse(lastSeenAt)))

const inSeconds = (ms: number): string => formatMs(Math.ceil(ms / 1000) * 1000)

/** How one gateway finds one deployment. */
export function DeploymentState({ deployment }: { readonly deployment: LiveDeployment }) {
  const nowMs = useNow()
  const left = leftOf(deployment.coolingMs, deployment, nowMs)
  if (!deployment.isHealthy)
    return <State tone="bad">{left > 0 ? `failing, tried again in ${inSeconds(left)}` : 'failing, being tried'}</State>
  if (deployment.restingKeys.length > 0)
    return <State tone="warn">keys rest: {deployment.restingKeys.map(({ name }) => name).join(', ')}</State>
  return <State tone="good">healthy</State>
}

interface KeyStateProps {
  readonly name: string
  readonly live: readonly LiveDeployment[]
}

/** Where a key of a pool rests, why and for how long; one line for each gateway and model. */
export function KeyState({ name, live }: KeyStateProps) {
  const nowMs = useNow()
  const rests = live.flatMap((deployment) =>
    deployment.restingKeys
      .filter((key) => key.name === name)
      .map((key) => ({ ...key, deployment, left: leftOf(key.leftMs, deployment, nowMs) })),
  )
  if (live.length === 0) return <State tone="neutral">not used by any model yet</State>
  if (rests.length === 0) return <State tone="good">ready at {countOf(live)}</State>
  return (
    <ul className="k-plain">
      {rests.map(({ cause, left, deployment: { gateway, model } }) => (
        <li key={`${gateway} ${model}`}>
          <State tone={cause === 'refused' ? 'bad' : 'warn'}>
            {CAUSES[cause]}, rests {left > 0 ? `another ${inSeconds(left)}` : 'no longer'}
          </State>{' '}
          <span className="k-dim k-small k-break">
            {model} at {gateway}
          </span>
        </li>
      ))}
    </ul>
  )
}

function countOf(live: readonly LiveDeployment[]): string {
  const gateways = new Set(live.map(({ gateway }) => gateway))
  return gateways.size === 1 ? 'the gateway' : `all ${gateways.size} gateways`
}
