import { jsonOperation } from '../../openai/operation.ts'

/** OpenAI moderations. A request may leave out the model. */
export const openaiModerations = jsonOperation({
  id: 'openai-moderations',
  operation: 'moderation',
  path: '/moderations',
  defaultModel: 'omni-moderation-latest',
})
