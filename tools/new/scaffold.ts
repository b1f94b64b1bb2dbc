import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { KINDS } from './kinds/list.ts'
import { wordsOf } from './words.ts'

/** A leaf cannot be added; the message says why. */
export class ScaffoldRefused extends Error {
  override readonly name = 'ScaffoldRefused'
}

/**
 * Adds a leaf to the project in `root` and returns the paths that were written or changed. Nothing is written when it
 * throws {@link ScaffoldRefused}: unknown kind, a name that is not kebab-case, or a leaf that exists.
 */
export function scaffold(root: string, kind: string, name: string): string[] {
  const plan = Object.hasOwn(KINDS, kind) ? KINDS[kind] : undefined
  if (!plan) throw new ScaffoldRefused(`There is no kind "${kind}"; choose from ${Object.keys(KINDS).join(', ')}.`)
  const words = wordsOf(name)
  if (!words) throw new ScaffoldRefused(`"${name}" is not kebab-case, such as "ip-rule".`)
  const { files, edits } = plan(words)
  const taken = Object.keys(files).find((path) => existsSync(join(root, path)))
  if (taken) throw new ScaffoldRefused(`${taken} exists already.`)

  const texts: Record<string, string> = { ...files }
  for (const [path, edit] of Object.entries(edits)) texts[path] = edit(readFileSync(join(root, path), 'utf8'))
  for (const [path, text] of Object.entries(texts)) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), text)
  }
  return Object.keys(texts)
}
