import type { JsonObject } from '@konnect/contract'

/** Writes the list of models. */
export function writeModels(models: readonly { readonly name: string; readonly createdAt: string }[]): JsonObject {
  return {
    object: 'list',
    data: models.map((model) => ({
      id: model.name,
      object: 'model',
      created: secondsOf(model.createdAt),
      owned_by: 'konnect',
    })),
  }
}

function secondsOf(time: string): number {
  const milliseconds = Date.parse(time)
  return Number.isNaN(milliseconds) ? 0 : Math.floor(milliseconds / 1000)
}
