import { GatewayError } from '@konnect/contract'
import { type ObjectScan, scanObject } from './scan.ts'

// One request is read several times in a row. A map of weak keys would remember more, but what it holds outlives every
// minor garbage collection, whose length is the time that streams wait.
let last: { readonly body: Buffer; readonly fields: readonly string[]; readonly scan: ObjectScan } | undefined

/**
 * Scans the top level of a request, once for calls in a row with the same body and fields. A repeated key is refused:
 * gateway and vendor could each obey another one. Throws as `scanObject` does.
 */
export function scanTopLevel(body: Buffer, fields: readonly string[]): ObjectScan {
  if (last !== undefined && last.body === body && last.fields === fields) return last.scan
  const scan = scanObject(body, fields)
  if (scan.repeated !== undefined) {
    throw new GatewayError('invalid_request', { detail: `"${scan.repeated}" occurs more than once.` })
  }
  last = { body, fields, scan }
  return scan
}
