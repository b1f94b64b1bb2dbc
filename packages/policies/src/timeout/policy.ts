import { closed, DurationSchema, GatewayError, parseDurationMs } from '@konnect/contract'
import { definePolicy } from '@konnect/sdk'
import { Type } from 'typebox'

const settings = closed({
  duration: Type.Optional(
    DurationSchema({
      title: 'Duration',
      description:
        'Longest time for the whole exchange, from the first byte of the request to the last of the response.',
      default: '30s',
    }),
  ),
})

/** Ends exchanges that take too long. */
export const timeout = definePolicy({
  id: 'timeout',
  title: 'Timeout',
  description: 'Ends an exchange that takes longer than this, retries included.',
  settings,
  phases: ['match'],
  failure: 'none',
  compile({ duration = '30s' }) {
    const ms = parseDurationMs(duration)
    if (ms < 1) throw new GatewayError('snapshot_invalid', { detail: 'timeout: the duration must be at least 1ms.' })
    return { match: (exchange) => exchange.limitDuration(ms) }
  },
})
