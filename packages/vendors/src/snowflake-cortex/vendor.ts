import { bearerTarget } from '@konnect/ai'
import { closed } from '@konnect/contract'
import { defineVendor } from '@konnect/sdk'

/** Snowflake Cortex. See https://docs.snowflake.com/user-guide/snowflake-cortex/open_ai_sdk. */
export const snowflakeCortex = defineVendor({
  id: 'snowflake-cortex',
  title: 'Snowflake Cortex',
  description: 'Snowflake Cortex: models inside of a Snowflake account.',
  dialects: ['openai-chat'],
  needsApiKey: true,
  settings: closed({}),
  target: bearerTarget,
})
