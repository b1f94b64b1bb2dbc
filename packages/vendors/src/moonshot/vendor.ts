import { bearerModels, bearerTarget } from '@konnect/ai'
import { closed } from '@konnect/contract'
import { defineVendor } from '@konnect/sdk'

/** Moonshot AI. See https://platform.kimi.ai/docs/api/overview. */
export const moonshot = defineVendor({
  id: 'moonshot',
  title: 'Moonshot AI',
  description: "Moonshot AI's Kimi models.",
  dialects: ['openai-chat', 'openai-responses'],
  defaultBaseUrl: 'https://api.moonshot.ai/v1',
  needsApiKey: true,
  keyVariable: 'MOONSHOT_API_KEY',
  settings: closed({}),
  pricedAs: 'moonshotai',
  models: bearerModels,
  target: bearerTarget,
})
