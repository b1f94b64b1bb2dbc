import type { DeploymentSpec, ModelSpec } from '@konnect/contract'

/** Every deployment of a model, those of its first version first. */
export const deploymentsOf = ({ deployments, versions = [] }: ModelSpec): readonly DeploymentSpec[] =>
  deployments ?? versions.flatMap((version) => version.deployments)
