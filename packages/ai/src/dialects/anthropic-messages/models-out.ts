import type { JsonObject } from '@konnect/contract'
import type { ListedModel } from '../../ports.ts'

/** Writes the list of models. */
export const writeModels = (models: readonly ListedModel[]): JsonObject => ({
  data: models.map(writeModel),
  has_more: false,
  first_id: models[0]?.name ?? null,
  last_id: models.at(-1)?.name ?? null,
})

/** Writes one model. */
export const writeModel = ({ name, createdAt }: ListedModel): JsonObject => ({
  type: 'model',
  id: name,
  display_name: name,
  created_at: createdAt,
})
