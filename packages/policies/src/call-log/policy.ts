import { closed, parseSizeBytes, SizeSchema } from '@konnect/contract'
import { type CaptureOptions, definePolicy } from '@konnect/sdk'
import { Type } from 'typebox'
import { FIELD_NAME_PATTERN } from '../header-name.ts'

/** Fields that carry credentials by their nature; they are hidden whatever the settings say. */
export const ALWAYS_REDACTED: readonly string[] = [
  'authorization',
  'proxy-authorization',
  'cookie',
  'set-cookie',
  'x-api-key',
  'x-goog-api-key',
  'api-key',
  'x-amz-security-token',
]

const settings = closed({
  requestHeaders: Type.Optional(Type.Boolean({ title: 'Request headers', default: false })),
  responseHeaders: Type.Optional(Type.Boolean({ title: 'Response headers', default: false })),
  requestBody: Type.Optional(
    Type.Boolean({ title: 'Request body', default: false, description: 'May hold personal data and prompts.' }),
  ),
  responseBody: Type.Optional(
    Type.Boolean({ title: 'Response body', default: false, description: 'May hold personal data and answers.' }),
  ),
  maxBody: Type.Optional(SizeSchema({ title: 'Most of a body', description: 'The rest is cut off.', default: '16kb' })),
  redact: Type.Optional(
    Type.Array(Type.String({ pattern: FIELD_NAME_PATTERN }), {
      title: 'Redact',
      description:
        'Further header fields whose values are hidden. Authorization, cookies and the usual API key fields always are.',
      default: [],
      maxItems: 64,
    }),
  ),
})

/** Largest part of a body that a Call keeps, whatever the settings say. */
const MAX_BODY_BYTES = 1024 * 1024

/** Decides what content a Call keeps. */
export const callLog = definePolicy({
  id: 'call-log',
  title: 'Call content',
  description: 'Keeps headers and bodies with the record of a call. Without this policy no content is kept.',
  settings,
  phases: ['match'],
  failure: 'none',
  compile(given) {
    const options: CaptureOptions = {
      requestHeaders: given.requestHeaders ?? false,
      responseHeaders: given.responseHeaders ?? false,
      requestBody: given.requestBody ?? false,
      responseBody: given.responseBody ?? false,
      maxBytes: Math.min(MAX_BODY_BYTES, parseSizeBytes(given.maxBody ?? '16kb')),
      redact: [...new Set([...ALWAYS_REDACTED, ...(given.redact ?? []).map((name) => name.toLowerCase())])],
    }
    return { match: (exchange) => exchange.captureContent(options) }
  },
})
