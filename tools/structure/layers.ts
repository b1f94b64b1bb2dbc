import { posix } from 'node:path'
import type { ParsedFile } from './syntax.ts'
import { isTest } from './tree.ts'

interface Layer {
  /** Workspaces of ours that its code may import. */
  readonly uses: readonly string[]
  /** What its tests may import besides that and the testkit. */
  readonly testUses?: readonly string[]
  /** Folders of other workspaces that it may import by path, because they have no entry. */
  readonly reaches?: readonly string[]
}

const PACKAGES = [
  'contract',
  'sdk',
  'http',
  'ai',
  'store',
  'state',
  'telemetry',
  'policies',
  'vendors',
  'client',
  'gateway',
  'control',
] as const

/**
 * Who may import whom; imports point down only. This table is the only place where the rule stands.
 * A row's name is the folder of the workspace without `packages/`.
 */
export const LAYERS: Readonly<Record<string, Layer>> = {
  contract: { uses: [] },
  sdk: { uses: ['contract'] },
  http: { uses: ['contract'] },
  ai: { uses: ['contract'] },
  store: { uses: ['contract'] },
  state: { uses: ['contract'] },
  telemetry: { uses: ['contract'] },
  policies: { uses: ['sdk', 'contract'] },
  vendors: { uses: ['sdk', 'ai', 'contract'] },
  client: { uses: ['contract'] },
  gateway: { uses: ['http', 'sdk', 'ai', 'contract'], testUses: ['state'] },
  control: { uses: ['contract'], testUses: ['store'] },
  testkit: { uses: ['sdk', 'contract'] },
  'apps/konnect': { uses: PACKAGES },
  'apps/web': { uses: ['client', 'contract'] },
  tests: {
    uses: ['client', 'contract', 'store', 'testkit'],
    reaches: ['packages/store/src/conformance/', 'packages/http/src/testing/'],
  },
  bench: { uses: ['client', 'contract', 'testkit'] },
  // Examples run against the program as the system tests start it.
  examples: { uses: [], reaches: ['tests/'] },
  // The reference page of the command line is written from the program's own list of flags.
  tools: { uses: PACKAGES, reaches: ['apps/konnect/src/cli/', 'apps/konnect/src/commands/'] },
}

/** Folders whose subfolders are leaves: a leaf knows neither its siblings nor the list they stand in. */
export const LEAF_FOLDERS = [
  'packages/policies/src',
  'packages/vendors/src',
  'packages/ai/src/dialects',
  'apps/web/src/console/pages',
] as const

/** The workspace a file belongs to, as {@link LAYERS} names it; undefined for files beside the workspaces. */
export function workspaceOf(path: string): string | undefined {
  const [top = '', second = '', third] = path.split('/')
  if (third === undefined) return top in LAYERS ? top : undefined
  if (top === 'packages') return second
  if (top === 'apps') return `apps/${second}`
  return top in LAYERS ? top : undefined
}

/** The file that a relative import names. */
const targetOf = (importer: string, specifier: string): string => posix.join(posix.dirname(importer), specifier)

/** What is wrong with the imports of one file, as sentences. */
export function layerFaults(file: ParsedFile): string[] {
  const workspace = workspaceOf(file.path)
  if (workspace === undefined) return []
  const layer = LAYERS[workspace]
  if (!layer) return [`${file.path}: the workspace ${workspace} has no row in the table of layers`]
  return file.imports.flatMap(({ specifier }) => {
    const fault = specifier.startsWith('.')
      ? relativeFault(file.path, workspace, layer, specifier)
      : packageFault(file.path, workspace, layer, specifier)
    return fault ? [`${file.path}: ${fault}`] : []
  })
}

function relativeFault(path: string, workspace: string, layer: Layer, specifier: string): string | undefined {
  const target = targetOf(path, specifier)
  if (layer.reaches?.some((folder) => target.startsWith(folder))) return undefined
  if (workspaceOf(target) !== workspace) return `imports ${specifier} around the entry of its workspace`
  if (isTest(target) && !isTest(path)) return `imports ${specifier}, which only tests may`
  const leaves = LEAF_FOLDERS.find((folder) => path.startsWith(`${folder}/`))
  if (!leaves) return undefined
  const own = path.slice(leaves.length + 1).split('/')
  if (own.length < 2 || !target.startsWith(`${leaves}/`)) return undefined
  const other = target.slice(leaves.length + 1).split('/')
  const isSibling = other.length > 1 && other[0] !== own[0]
  if (!isSibling && !/^(index|list)\.tsx?$/.test(other[0] ?? '')) return undefined
  return `is a leaf and imports ${specifier}, which is the list or belongs to a sibling`
}

function packageFault(path: string, workspace: string, layer: Layer, specifier: string): string | undefined {
  if (!specifier.startsWith('@konnect/')) return undefined
  const [, name = '', ...rest] = specifier.split('/')
  if (rest.length > 0) return `imports ${specifier}; a package has one entry`
  const forTests = isTest(path) ? ['testkit', workspace, ...(layer.testUses ?? [])] : []
  if (layer.uses.includes(name) || forTests.includes(name)) return undefined
  return `imports ${specifier}; ${workspace} may use ${layer.uses.join(', ') || 'no other package'}`
}

/** Import cycles that are left at run time, each as the list of files on it. */
export function importCycles(files: readonly ParsedFile[]): string[][] {
  const known = new Map(files.map((file) => [file.path, file]))
  const edges = (path: string) =>
    (known.get(path)?.imports ?? [])
      .filter(({ isType }) => !isType)
      .map(({ specifier }) => resolveImport(path, specifier))
      .filter((target) => known.has(target))
  return cyclesOf([...known.keys()], edges)
}

function resolveImport(importer: string, specifier: string): string {
  if (specifier.startsWith('.')) return targetOf(importer, specifier)
  return specifier.startsWith('@konnect/') ? `packages/${specifier.slice('@konnect/'.length)}/src/index.ts` : specifier
}

/** Strongly connected components of more than one node, and nodes with an edge to themselves (Tarjan 1972). */
function cyclesOf(nodes: readonly string[], edges: (node: string) => readonly string[]): string[][] {
  const order = new Map<string, number>()
  const lowest = new Map<string, number>()
  const stack: string[] = []
  const cycles: string[][] = []

  function visit(node: string): number {
    const index = order.size
    order.set(node, index)
    let low = index
    stack.push(node)
    for (const next of edges(node)) {
      if (!order.has(next)) low = Math.min(low, visit(next))
      else if (stack.includes(next)) low = Math.min(low, lowest.get(next) ?? order.get(next) ?? low)
    }
    lowest.set(node, low)
    if (low === index) {
      const component = stack.splice(stack.indexOf(node))
      if (component.length > 1 || edges(node).includes(node)) cycles.push(component.sort())
    }
    return low
  }

  for (const node of nodes) if (!order.has(node)) visit(node)
  return cycles
}
