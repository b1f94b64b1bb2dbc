/** What the tests need to know of a page of the console. */
export interface PageEntry {
  readonly path: string
  readonly title: string
  readonly access: 'public' | 'user'
}

/** The console's own list of pages, so that a new page cannot escape the tests. */
export async function readPages(): Promise<readonly PageEntry[]> {
  // Not a literal: the list leads to browser code, which is checked with the browser's own types.
  const location = new URL('../../../apps/web/src/console/pages/list.ts', import.meta.url).href
  const { PAGES } = (await import(location)) as { PAGES: readonly PageEntry[] }
  return PAGES
}

/** A path with names in place of what varies. Fails for a page whose parts no name is given for. */
export function visitPath(path: string, names: Readonly<Record<string, string>>): string {
  return path.replace(/\$(\w+)/g, (_whole, key: string) => {
    const name = names[key]
    if (name === undefined) throw new Error(`No name is given for $${key} of ${path}`)
    return encodeURIComponent(name)
  })
}
