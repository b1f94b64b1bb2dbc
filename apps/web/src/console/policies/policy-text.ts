import type { JsonObject, PolicyDescription } from '@konnect/contract'

/** A policy where it is attached. */
export interface PolicyUse {
  readonly use: string
  readonly with?: JsonObject
  readonly enabled?: boolean
}

/** Settings in one line, as people would say them: `limit 100 · window 60s`. */
export function settingsText(settings: JsonObject = {}): string {
  const texts = Object.entries(settings).map(([key, value]) => `${wordsOf(key)} ${valueText(value)}`)
  return texts.length === 0 ? 'Default settings' : texts.join(' · ')
}

const wordsOf = (key: string): string => key.replace(/([a-z0-9])([A-Z])/g, '$1 $2').toLowerCase()

function valueText(value: unknown): string {
  if (Array.isArray(value)) return value.length === 0 ? 'none' : value.map(valueText).join(', ')
  if (typeof value === 'object' && value !== null) return JSON.stringify(value)
  return typeof value === 'boolean' ? (value ? 'yes' : 'no') : String(value)
}

const FAILURES: Readonly<Record<PolicyDescription['failure'], string>> = {
  none: 'Depends on nothing else.',
  open: 'Lets requests pass while what it depends on is away.',
  closed: 'Refuses requests while what it depends on is away.',
  configurable: 'You choose whether requests pass while what it depends on is away.',
}

/** What happens when something that a policy depends on is away. */
export const failureText = (policy: PolicyDescription): string => FAILURES[policy.failure]

/** A resource's spec with other policies. */
export const withPolicies = (spec: JsonObject, policies: readonly PolicyUse[]): JsonObject => ({
  ...spec,
  policies: policies.map((policy) => ({ ...policy })),
})
