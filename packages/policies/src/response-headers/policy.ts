import { definePolicy } from '@konnect/sdk'
import { compileHeaderEdits, HeaderEditsSchema } from '../header-edits.ts'

/** Edits what goes back to the client. */
export const responseHeaders = definePolicy({
  id: 'response-headers',
  title: 'Response headers',
  description: 'Removes, renames, sets and adds header fields of the response on its way to the client.',
  settings: HeaderEditsSchema,
  phases: ['return'],
  failure: 'none',
  compile(settings) {
    const edit = compileHeaderEdits('response-headers', settings)
    return {
      return(exchange) {
        if (exchange.response !== undefined) edit(exchange.response.headers, exchange)
      },
    }
  },
})
