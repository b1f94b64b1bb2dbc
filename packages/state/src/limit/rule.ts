import type { LimitRule } from '@konnect/contract'

/** Throws `RangeError` for a rule or a cost that no driver can count with. */
export function assertTake(rule: LimitRule, cost: number): void {
  if (!(cost >= 0 && Number.isFinite(cost))) throw new RangeError(`Expected a cost of 0 or more, got ${cost}`)
  if (rule.algorithm === 'sliding-window') {
    assertPositive('limit', rule.limit)
    assertPositive('windowMs', rule.windowMs)
    if (!Number.isInteger(rule.windowMs)) throw new RangeError(`Expected whole milliseconds, got ${rule.windowMs}`)
  } else {
    assertPositive('capacity', rule.capacity)
    assertPositive('refillPerSecond', rule.refillPerSecond)
  }
}

/** Throws `RangeError` unless `value` is a finite number above zero. */
export function assertPositive(name: string, value: number): void {
  if (!(value > 0 && Number.isFinite(value))) throw new RangeError(`Expected ${name} above 0, got ${value}`)
}
