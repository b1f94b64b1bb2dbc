import { bearerTarget, publicModels } from '@konnect/ai'
import { closed } from '@konnect/contract'
import { defineVendor } from '@konnect/sdk'
import { Type } from 'typebox'

/** OpenRouter. See https://openrouter.ai/docs/app-attribution. */
export const openrouter = defineVendor({
  id: 'openrouter',
  title: 'OpenRouter',
  description: 'OpenRouter: models of many vendors behind one key.',
  dialects: ['openai-chat'],
  defaultBaseUrl: 'https://openrouter.ai/api/v1',
  needsApiKey: true,
  keyVariable: 'OPENROUTER_API_KEY',
  settings: closed({
    appUrl: Type.Optional(
      Type.String({
        title: 'App URL',
        pattern: '^https?://[!-~]+$',
        description: 'Sent as HTTP-Referer, by which OpenRouter attributes usage to an application.',
      }),
    ),
    appTitle: Type.Optional(
      Type.String({
        title: 'App title',
        pattern: '^[!-~]([ -~]*[!-~])?$',
        description: 'Sent as X-OpenRouter-Title, the name of that application. ASCII.',
      }),
    ),
  }),
  models: publicModels,
  target(connection, request) {
    const { appUrl, appTitle } = connection.settings
    return bearerTarget(connection, request, [
      ...(appUrl === undefined ? [] : ['http-referer', appUrl]),
      ...(appTitle === undefined ? [] : ['x-openrouter-title', appTitle]),
    ])
  },
})
