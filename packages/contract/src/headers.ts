/**
 * An HTTP field section as one flat array: `[name, value, name, value, …]`.
 *
 * Names are lower-case (RFC 9110 §5.1 makes them case-insensitive, HTTP/2 sends them so). Repeated fields stay repeated
 * and in order. Flat arrays are what the wire needs and what costs least; nothing on the request path builds a map.
 */
export type HeaderList = string[]

/** The first value of `name` (lower-case), or `undefined`. */
export function headerOf(headers: HeaderList, name: string): string | undefined {
  for (let i = 0; i < headers.length; i += 2) if (headers[i] === name) return headers[i + 1]
  return undefined
}

/** Every value of `name` (lower-case), in order of arrival. */
export function headerValues(headers: HeaderList, name: string): string[] {
  const values: string[] = []
  for (let i = 0; i < headers.length; i += 2) if (headers[i] === name) values.push(headers[i + 1] ?? '')
  return values
}

/** Sets `name` (lower-case) to exactly one value, in place of all former ones. */
export function setHeader(headers: HeaderList, name: string, value: string): void {
  let isSet = false
  for (let i = 0; i < headers.length; i += 2) {
    if (headers[i] !== name) continue
    if (isSet) {
      headers.splice(i, 2)
      i -= 2
    } else {
      headers[i + 1] = value
      isSet = true
    }
  }
  if (!isSet) headers.push(name, value)
}

/** Adds a field, keeping the ones of the same name. */
export function addHeader(headers: HeaderList, name: string, value: string): void {
  headers.push(name, value)
}

/** Removes every field of `name` (lower-case). */
export function removeHeader(headers: HeaderList, name: string): void {
  for (let i = headers.length - 2; i >= 0; i -= 2) if (headers[i] === name) headers.splice(i, 2)
}
