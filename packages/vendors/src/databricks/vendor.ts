import { bearerTarget } from '@konnect/ai'
import { closed } from '@konnect/contract'
import { defineVendor } from '@konnect/sdk'

/** Databricks. See https://docs.databricks.com/machine-learning/model-serving/score-foundation-models.html. */
export const databricks = defineVendor({
  id: 'databricks',
  title: 'Databricks',
  description: 'Databricks Model Serving: foundation and external models of a workspace.',
  dialects: ['openai-chat', 'openai-embeddings'],
  needsApiKey: true,
  keyVariable: 'DATABRICKS_TOKEN',
  settings: closed({}),
  target: bearerTarget,
})
