/** The query of a page: plain text by name, so that addresses stay readable and can be typed. */
export type Search = Readonly<Record<string, string>>

/** Reads `?a=1&b=x`. Of a repeated name the last one counts. */
export function parseSearch(text: string): Record<string, string> {
  return Object.fromEntries(new URLSearchParams(text))
}

/** Writes a query, names in order, empty and undefined values left out. `''` when nothing remains. */
export function stringifySearch(search: Readonly<Record<string, unknown>>): string {
  const params = new URLSearchParams()
  for (const name of Object.keys(search).sort()) {
    const value = search[name]
    if (value !== undefined && value !== null && value !== '') params.set(name, String(value))
  }
  const text = params.toString()
  return text === '' ? '' : `?${text}`
}

/** `search` with some values replaced; empty text removes a value, and the page cursor goes with every change. */
export function withSearch(search: Search, changes: Readonly<Record<string, string | undefined>>): Search {
  const next: Record<string, string> = { ...search }
  if (!('cursor' in changes)) delete next.cursor
  for (const [name, value] of Object.entries(changes)) {
    if (value === undefined || value === '') delete next[name]
    else next[name] = value
  }
  return next
}
