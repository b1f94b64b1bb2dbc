import { parseSync, visitorKeys } from 'oxc-parser'

/** A node of the syntax tree (ESTree with TypeScript, as oxc-parser yields it), with what the rules ask of every node. */
export interface SyntaxNode {
  readonly type: string
  readonly start: number
  readonly end: number
  readonly [key: string]: unknown
}

/** A parsed file. */
export interface ParsedFile {
  readonly path: string
  readonly text: string
  readonly program: SyntaxNode
  /** Module specifiers of imports, re-exports and `import()`, as written; `isType` when nothing is left at run time. */
  readonly imports: readonly { readonly specifier: string; readonly isType: boolean }[]
}

/** Parses a file. Throws when it is not valid TypeScript or JavaScript. */
export function parse(path: string, text: string): ParsedFile {
  const { program, errors } = parseSync(path, text)
  if (errors[0]) throw new Error(`${path}: ${errors[0].message}`)
  const root = program as unknown as SyntaxNode
  return { path, text, program: root, imports: importsOf(root) }
}

function importsOf(program: SyntaxNode): ParsedFile['imports'] {
  const found: { specifier: string; isType: boolean }[] = []
  walk(program, (node) => {
    const source = node.source as SyntaxNode | null | undefined
    if (!/^(Import|Export(Named|All))Declaration$|^ImportExpression$/.test(node.type)) return
    if (typeof source?.value !== 'string') return
    found.push({ specifier: source.value, isType: isTypeOnly(node) })
  })
  return found
}

function isTypeOnly(node: SyntaxNode): boolean {
  if (node.importKind === 'type' || node.exportKind === 'type') return true
  const specifiers = (node.specifiers ?? []) as readonly SyntaxNode[]
  return specifiers.length > 0 && specifiers.every((one) => one.importKind === 'type' || one.exportKind === 'type')
}

/** Calls `visit` for `node` and everything below it, parents first. `ancestors` holds the way from the root, nearest last. */
export function walk(
  node: SyntaxNode,
  visit: (node: SyntaxNode, ancestors: readonly SyntaxNode[]) => void,
  ancestors: readonly SyntaxNode[] = [],
): void {
  visit(node, ancestors)
  const below = [...ancestors, node]
  for (const key of visitorKeys[node.type] ?? []) {
    for (const child of [node[key]].flat()) {
      if (isNode(child)) walk(child, visit, below)
    }
  }
}

const isNode = (value: unknown): value is SyntaxNode =>
  typeof value === 'object' && value !== null && typeof (value as SyntaxNode).type === 'string'

/** 1-based line of an offset. */
export const lineAt = (text: string, offset: number): number => text.slice(0, offset).split('\n').length

/** Text of an identifier, a dotted name or the callee of a call: `fc.assert`, `it.each`, `expect`; empty for other things. */
export function nameOf(node: SyntaxNode | undefined | null): string {
  if (!node) return ''
  if (node.type === 'Identifier') return String(node.name)
  if (node.type === 'Literal') return String(node.value)
  if (node.type === 'CallExpression') return nameOf(node.callee as SyntaxNode)
  if (node.type !== 'MemberExpression') return ''
  const owner = nameOf(node.object as SyntaxNode)
  return `${owner}.${nameOf(node.property as SyntaxNode)}`
}

/** True for the three ways to write a function. */
export const isFunction = (node: SyntaxNode): boolean =>
  /^(FunctionDeclaration|FunctionExpression|ArrowFunctionExpression)$/.test(node.type)
