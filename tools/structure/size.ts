import { isFunction, lineAt, nameOf, type ParsedFile, type SyntaxNode, walk } from './syntax.ts'

/** Above this many lines a file, or a function, needs a reason. */
export const MAX_FILE_LINES = 400
export const MAX_TEST_FILE_LINES = 600
export const MAX_FUNCTION_LINES = 80

export interface MeasuredFunction {
  /** `path#name`. */
  readonly key: string
  readonly lines: number
}

/** Lines of a file. */
export const linesOf = (text: string): number => text.split('\n').length - (text.endsWith('\n') ? 1 : 0)

const GROUPS_TESTS = /^(describe|it|test)\b/

/** True for a function that declares tests: a list, however long, of things that each have a size of their own. */
function listsTests(node: SyntaxNode, parent: SyntaxNode | undefined): boolean {
  if (parent?.type === 'CallExpression' && GROUPS_TESTS.test(nameOf(parent))) return true
  const statements = ((node.body as SyntaxNode).body ?? []) as SyntaxNode[]
  return [statements].flat().some(({ expression }) => GROUPS_TESTS.test(nameOf(expression as SyntaxNode | undefined)))
}

/** Every function of a file with its length; lists of tests are left out. */
export function measureFunctions(file: ParsedFile): MeasuredFunction[] {
  const found: MeasuredFunction[] = []
  walk(file.program, (node, ancestors) => {
    if (!isFunction(node)) return
    if (listsTests(node, ancestors.at(-1))) return
    const lines = lineAt(file.text, node.end) - lineAt(file.text, node.start) + 1
    found.push({ key: `${file.path}#${functionName(node, ancestors)}`, lines })
  })
  return found
}

function functionName(node: SyntaxNode, ancestors: readonly SyntaxNode[]): string {
  const own = nameOf(node.id as SyntaxNode | null)
  if (own) return own
  const parent = ancestors.at(-1)
  const named = (parent?.id ?? parent?.key) as SyntaxNode | undefined
  return nameOf(named) || 'anonymous'
}

/** The value below which `share` (0 to 1) of the numbers lie. */
export function quantile(numbers: readonly number[], share: number): number {
  const sorted = [...numbers].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0
}
