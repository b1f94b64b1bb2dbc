import type { JsonObject } from '@konnect/contract'
import type { ListedModel } from '../../ports.ts'

/** Writes the list of models. */
export const writeModels = (models: readonly ListedModel[]): JsonObject => ({ models: models.map(writeModel) })

/** Writes one model. */
export const writeModel = ({ name }: Pick<ListedModel, 'name'>): JsonObject => ({
  name: `models/${name}`,
  displayName: name,
  supportedGenerationMethods: ['generateContent', 'streamGenerateContent', 'countTokens'],
})
