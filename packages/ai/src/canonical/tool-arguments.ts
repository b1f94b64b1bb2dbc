import { isJsonObject, type Json, type JsonObject } from '@konnect/contract'
import { parseExact, stringifyExact } from '../json/numbers.ts'

/** Key under which arguments travel that are no JSON object, where a dialect demands one. */
const RAW_ARGUMENTS = 'raw_arguments'

/** Arguments as an object; no text and `null` are no arguments. Text that is no JSON object survives under one key, and {@link argumentsText} restores it. */
export function argumentsObject(text: string): JsonObject {
  if (text.trim() === '') return {}
  try {
    const value = parseExact(text)
    if (value === null) return {}
    if (isJsonObject(value)) return value
  } catch {
    // Models write invalid JSON now and then; the client decides what to do about it.
  }
  return { [RAW_ARGUMENTS]: text }
}

/** Arguments as text. */
export function argumentsText(input: Json | undefined): string {
  if (input === undefined || input === null) return '{}'
  if (isJsonObject(input) && Object.keys(input).length === 1) {
    const raw = input[RAW_ARGUMENTS]
    if (typeof raw === 'string') return raw
  }
  return stringifyExact(input)
}
