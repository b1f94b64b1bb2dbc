import type { JsonObject } from '@konnect/contract'

/** Writes the list of models. */
export function writeModels(models: readonly { readonly name: string; readonly createdAt: string }[]): JsonObject {
  return {
    models: models.map(({ name }) => ({
      name: `models/${name}`,
      displayName: name,
      supportedGenerationMethods: ['generateContent', 'streamGenerateContent'],
    })),
  }
}
