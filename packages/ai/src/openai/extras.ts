import type { Json, JsonObject } from '@konnect/contract'
import type { ChatRequest } from '../canonical/request.ts'

/**
 * Settings without a canonical form: every field that is not in `modelled`, is not null, and does not hold one of the
 * values in `neutral`, which ask for nothing.
 */
export function readExtras(
  body: JsonObject,
  modelled: ReadonlySet<string>,
  neutral: Readonly<Record<string, readonly Json[]>>,
): Record<string, Json> {
  const extras: Record<string, Json> = {}
  for (const [key, value] of Object.entries(body)) {
    if (modelled.has(key) || value === null) continue
    if (!neutral[key]?.includes(value)) extras[key] = value
  }
  return extras
}

// Chat and completions have these under one name, with one meaning and one range; other vendors took them over.
const SHARED: ReadonlySet<string> = new Set(['seed', 'frequency_penalty', 'presence_penalty', 'logit_bias'])

/** Parts the settings that every sampling model of OpenAI's formats knows from those that have to be left out. */
export function takeShared(extras: ChatRequest['extras']): { readonly shared: JsonObject; readonly rest: string[] } {
  const shared: Record<string, Json> = {}
  const rest: string[] = []
  for (const [name, value] of Object.entries(extras)) {
    if (SHARED.has(name)) shared[name] = value
    else rest.push(name)
  }
  return { shared, rest }
}
