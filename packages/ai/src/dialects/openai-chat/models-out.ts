import type { JsonObject } from '@konnect/contract'
import type { ListedModel } from '../../ports.ts'

/** Writes the list of models. */
export const writeModels = (models: readonly ListedModel[]): JsonObject => ({
  object: 'list',
  data: models.map(writeModel),
})

/** Writes one model. */
export const writeModel = ({ name, createdAt }: ListedModel): JsonObject => ({
  id: name,
  object: 'model',
  created: secondsOf(createdAt),
  owned_by: 'konnect',
})

function secondsOf(time: string): number {
  const milliseconds = Date.parse(time)
  return Number.isNaN(milliseconds) ? 0 : Math.floor(milliseconds / 1000)
}
