import { type ParsedFile, parse } from './syntax.ts'
import { filesBelow, isCode, ROOT, textOf } from './tree.ts'

/** Every file of the project that holds program text, parsed. */
export function parseProject(root = ROOT): ParsedFile[] {
  return filesBelow('', root)
    .filter(isCode)
    .map((path) => parse(path, textOf(path, root)))
}
