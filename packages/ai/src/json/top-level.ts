import { GatewayError } from '@konnect/contract'
import { type ObjectScan, scanObject } from './scan.ts'

const scans = new WeakMap<Uint8Array, { readonly fields: readonly string[]; readonly scan: ObjectScan }>()

/**
 * Scans the top level of a request once and remembers the result as long as the body lives, so a fallback does not scan
 * again. A repeated key is refused: gateway and vendor could each obey another one. Throws as `scanObject` does.
 */
export function scanTopLevel(body: Buffer, fields: readonly string[]): ObjectScan {
  const known = scans.get(body)
  if (known?.fields === fields) return known.scan
  const scan = scanObject(body, fields)
  if (scan.repeated !== undefined) {
    throw new GatewayError('invalid_request', { detail: `"${scan.repeated}" occurs more than once.` })
  }
  scans.set(body, { fields, scan })
  return scan
}
