import { closed, GatewayError } from '@konnect/contract'
import { definePolicy } from '@konnect/sdk'
import { Type } from 'typebox'
import { compileRanges } from './ranges.ts'

const Ranges = (title: string, description: string) =>
  Type.Optional(
    Type.Array(
      Type.String({ pattern: '^[0-9A-Fa-f:.]{2,45}(/[0-9]{1,3})?$', examples: ['10.0.0.0/8', '2001:db8::/32'] }),
      {
        title,
        description,
        default: [],
        maxItems: 10_000,
      },
    ),
  )

const settings = closed({
  allow: Ranges('Allow', 'Addresses or CIDR ranges that may call. Left out: everyone who is not denied.'),
  deny: Ranges('Deny', 'Addresses or CIDR ranges that may not call, even when they are allowed above.'),
})

/** Lets requests in by the address of their client. */
export const ipRule = definePolicy({
  id: 'ip-rule',
  title: 'IP rule',
  description: 'Allows or denies requests by the address of the client.',
  settings,
  phases: ['match'],
  failure: 'none',
  compile({ allow = [], deny = [] }) {
    const isDenied = compileRanges(deny)
    const isAllowed = allow.length === 0 ? undefined : compileRanges(allow)
    return {
      match({ request: { clientIp } }) {
        // An address that cannot be read is denied by both kinds of list.
        if (isDenied(clientIp) === false && (isAllowed === undefined || isAllowed(clientIp) === true)) return
        throw new GatewayError('address_denied', { reason: `ip-rule refused ${clientIp}` })
      },
    }
  },
})
