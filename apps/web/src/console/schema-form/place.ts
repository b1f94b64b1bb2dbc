import { isJsonObject, type Json } from '@konnect/contract'

/** A JSON Pointer (RFC 6901) with `*` in place of every index: what the items of a list have in common. */
export const patternOf = (path: string): string => path.replace(/\/\d+(?=\/|$)/g, '/*')

/** The JSON Pointer of another property of the object that holds the one at `path`. `name` needs no escaping. */
export const siblingOf = (path: string, name: string): string => path.replace(/[^/]*$/, name)

/** The value at a JSON Pointer; undefined where there is none. */
export function valueAt(value: Json | undefined, path: string): Json | undefined {
  const steps = path.split('/').slice(1)
  return steps.reduce<Json | undefined>((inner, step) => memberOf(inner, unescaped(step)), value)
}

function memberOf(value: Json | undefined, key: string): Json | undefined {
  if (Array.isArray(value)) return value[Number(key)]
  return isJsonObject(value) && Object.hasOwn(value, key) ? value[key] : undefined
}

const unescaped = (step: string): string => step.replaceAll('~1', '/').replaceAll('~0', '~')
