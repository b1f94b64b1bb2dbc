import type { IdExemption } from './exemptions.ts'
import { type ParsedFile, walk } from './syntax.ts'
import { foldersIn, isTest } from './tree.ts'

/** A kind of leaf: one folder each, one line each in one list. */
export interface LeafKind {
  readonly folder: string
  /** Files every leaf has. */
  readonly files: readonly string[]
  /** The list, below `folder`. */
  readonly list: string
  /** The folder's name is the leaf's id, and stands as a literal nowhere else. */
  readonly hasId: boolean
}

export const LEAF_KINDS: readonly LeafKind[] = [
  {
    folder: 'packages/policies/src',
    files: ['policy.ts', 'policy.test.ts', 'README.md'],
    list: 'index.ts',
    hasId: true,
  },
  {
    folder: 'packages/vendors/src',
    files: ['vendor.ts', 'vendor.test.ts', 'README.md'],
    list: 'index.ts',
    hasId: true,
  },
]

/** What a leaf lacks, as sentences. `paths` are all files of the project, `listText` is the text of the kind's list. */
export function leafFaults(kind: LeafKind, name: string, paths: ReadonlySet<string>, listText: string): string[] {
  const missing = kind.files.filter((file) => !paths.has(`${kind.folder}/${name}/${file}`))
  const isListed = listText.includes(`'./${name}/`)
  return [
    ...missing.map((file) => `${kind.folder}/${name} has no ${file}`),
    ...(isListed ? [] : [`${kind.folder}/${name} is not in ${kind.list}`]),
  ]
}

/** Ids of all leaves that have one, with the folder that owns each. */
export function leafIds(root?: string): Map<string, string> {
  return new Map(
    LEAF_KINDS.filter(({ hasId }) => hasId).flatMap(({ folder }) =>
      foldersIn(folder, root).map((name) => [name, `${folder}/${name}/`] as const),
    ),
  )
}

/** Where ids of leaves stand as literals outside their own folder. In tests, examples and tools they are data. */
export function strayIds(file: ParsedFile, ids: ReadonlyMap<string, string>): { path: string; id: string }[] {
  if (isTest(file.path)) return []
  const found = new Set<string>()
  walk(file.program, (node, ancestors) => {
    if (ancestors.at(-1)?.source === node) return
    const text = literalText(node)
    const owner = text === undefined ? undefined : ids.get(text)
    if (text !== undefined && owner !== undefined && !file.path.startsWith(owner)) found.add(text)
  })
  return [...found].map((id) => ({ path: file.path, id }))
}

function literalText(node: { type: string; [key: string]: unknown }): string | undefined {
  if (node.type === 'Literal' && typeof node.value === 'string') return node.value
  if (node.type !== 'TemplateElement') return undefined
  return (node.value as { cooked?: string }).cooked
}

/** True when `exemption` covers this finding. */
export const covers = (exemption: IdExemption, finding: { path: string; id: string }): boolean =>
  exemption.id === finding.id &&
  (exemption.path.endsWith('/') ? finding.path.startsWith(exemption.path) : finding.path === exemption.path)
