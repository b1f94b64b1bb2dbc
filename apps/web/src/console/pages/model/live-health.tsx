import type { DeploymentSpec } from '@konnect/contract'
import { LiveTable } from '../../providers/live-table.tsx'
import { useLiveDeployments } from '../../providers/provider-queries.ts'

/** How each gateway finds the deployments of a model right now. */
export function LiveHealth({ deployments }: { readonly deployments: readonly DeploymentSpec[] }) {
  const live = useLiveDeployments(deployments.map(({ provider }) => provider))
  const rows = [...live].flatMap(([provider, all]) =>
    all.filter(({ model }) => deployments.some((one) => one.provider === provider && one.model === model)),
  )
  return <LiveTable live={rows} />
}
