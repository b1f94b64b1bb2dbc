import { definePolicy } from '@konnect/sdk'
import { compileHeaderEdits, HeaderEditsSchema } from '../header-edits.ts'

/** Edits what goes upstream. */
export const requestHeaders = definePolicy({
  id: 'request-headers',
  title: 'Request headers',
  description: 'Removes, renames, sets and adds header fields of the request on its way upstream.',
  settings: HeaderEditsSchema,
  phases: ['shape'],
  failure: 'none',
  compile(settings) {
    const edit = compileHeaderEdits('request-headers', settings)
    return { shape: (exchange) => edit(exchange.request.headers, exchange) }
  },
})
