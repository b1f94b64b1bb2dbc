import type { AiCall } from '@konnect/contract'
import type { Deployment, ModelPlan } from '../plan/ai-plan.ts'

/** What a Call says of the version and the place that answered; left out is what there is nothing to say of. */
export function servedFrom(
  { versions: [version], residency }: ModelPlan,
  deployment: Deployment | undefined,
): Pick<AiCall, 'version' | 'region' | 'residency'> {
  return {
    ...(version === undefined || version.name === '' ? {} : { version: version.name }),
    ...(deployment?.region === undefined ? {} : { region: deployment.region }),
    ...(deployment === undefined || residency === undefined ? {} : { residency: residency.proof }),
  }
}
