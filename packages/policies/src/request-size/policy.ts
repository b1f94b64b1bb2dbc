import { closed, parseSizeBytes, SizeSchema } from '@konnect/contract'
import { definePolicy } from '@konnect/sdk'
import { Type } from 'typebox'
import { limitBody, tooLarge } from './limited-body.ts'

const settings = closed({
  max: Type.Optional(
    SizeSchema({
      title: 'Largest body',
      description: 'Larger request bodies are refused with 413.',
      default: '10mb',
    }),
  ),
})

/** Bounds the size of request bodies. */
export const requestSize = definePolicy({
  id: 'request-size',
  title: 'Request size',
  description: 'Refuses request bodies that are too large: announced ones at once, others as soon as they are.',
  settings,
  phases: ['admit'],
  failure: 'none',
  compile({ max = '10mb' }) {
    const maxBytes = parseSizeBytes(max)
    return {
      admit({ request }) {
        const { length, isEmpty } = request.body
        if (length !== undefined && length > maxBytes) throw tooLarge(maxBytes)
        if (length === undefined && !isEmpty) request.body = limitBody(request.body, maxBytes)
      },
    }
  },
})
