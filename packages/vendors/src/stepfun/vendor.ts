import { bearerModels, bearerTarget } from '@konnect/ai'
import { closed } from '@konnect/contract'
import { defineVendor } from '@konnect/sdk'

/** StepFun. See https://platform.stepfun.ai/docs/en/guides/developer/openai. */
export const stepfun = defineVendor({
  id: 'stepfun',
  title: 'StepFun',
  description: 'StepFun models.',
  dialects: ['openai-chat', 'openai-realtime'],
  defaultBaseUrl: 'https://api.stepfun.ai/v1',
  needsApiKey: true,
  keyVariable: 'STEP_API_KEY',
  settings: closed({}),
  models: bearerModels,
  target: bearerTarget,
})
