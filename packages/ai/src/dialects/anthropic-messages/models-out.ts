import type { JsonObject } from '@konnect/contract'

/** Writes the list of models. */
export function writeModels(models: readonly { readonly name: string; readonly createdAt: string }[]): JsonObject {
  return {
    data: models.map((model) => ({
      type: 'model',
      id: model.name,
      display_name: model.name,
      created_at: model.createdAt,
    })),
    has_more: false,
    first_id: models[0]?.name ?? null,
    last_id: models.at(-1)?.name ?? null,
  }
}
