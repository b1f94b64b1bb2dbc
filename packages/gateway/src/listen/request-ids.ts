import { randomBytes } from 'node:crypto'

const TRACEPARENT = /^00-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}$/

/** Makes ids of 32 hex digits: 16 of this process at random, 16 of a counter. Unique without asking anyone. */
export function createIdSource(): () => string {
  const prefix = randomBytes(8).toString('hex')
  let high = randomBytes(4).readUInt32BE()
  let low = 0
  let highText = hex8(high)
  return () => {
    if (low === 0xffffffff) {
      low = 0
      high = (high + 1) >>> 0
      highText = hex8(high)
    }
    low++
    return prefix + highText + hex8(low)
  }
}

const hex8 = (value: number): string => (value + 0x1_0000_0000).toString(16).slice(1)

/** The trace id of a valid `traceparent` (W3C Trace Context, version 00), else undefined. */
export function traceIdOf(traceparent: string | undefined): string | undefined {
  if (traceparent === undefined) return undefined
  const match = TRACEPARENT.exec(traceparent)
  return match === null || /^0+$/.test(match[1] ?? '') || /^0+$/.test(match[2] ?? '') ? undefined : match[1]
}
