import { isFunction, nameOf, type ParsedFile, type SyntaxNode, walk } from './syntax.ts'

const DECLARES_TEST = /^(it|test)(\.(only|concurrent|sequential|fails|each|for|skipIf|runIf))*$/
/** Waiting for a condition asserts it: it rejects when the condition does not come. */
const ASSERTS = /(^|\.)(expect|assert|check|verify|until|waitFor)[A-Za-z]*(\.|$)/

/** A finding in a file of tests: the title of the test, or the name of what sleeps. */
export interface ProofFault {
  /** `path#title`. */
  readonly key: string
}

/** Tests that can never fail, because nothing in them, or in functions of their file that they call, asserts anything. */
export function unassertedTests(file: ParsedFile): ProofFault[] {
  const functions = localFunctions(file.program)
  const found: ProofFault[] = []
  walk(file.program, (node) => {
    if (node.type !== 'CallExpression' || !DECLARES_TEST.test(nameOf(node))) return
    const [title, ...rest] = node.arguments as SyntaxNode[]
    const body = rest.find(isFunction)
    if (body && !asserts(body, functions, new Set())) found.push({ key: `${file.path}#${String(title?.value ?? '')}` })
  })
  return found
}

function asserts(node: SyntaxNode, functions: ReadonlyMap<string, SyntaxNode>, seen: Set<string>): boolean {
  const called: string[] = []
  walk(node, (inner) => {
    if (inner.type === 'CallExpression') called.push(nameOf(inner))
  })
  return called.some((name) => {
    if (ASSERTS.test(name)) return true
    const local = functions.get(name)
    if (!local || seen.has(name)) return false
    seen.add(name)
    return asserts(local, functions, seen)
  })
}

function localFunctions(program: SyntaxNode): Map<string, SyntaxNode> {
  const found = new Map<string, SyntaxNode>()
  walk(program, (node) => {
    if (node.type === 'FunctionDeclaration') found.set(nameOf(node.id as SyntaxNode), node)
    const value = node.type === 'VariableDeclarator' ? (node.init as SyntaxNode | null) : null
    if (value && isFunction(value)) found.set(nameOf(node.id as SyntaxNode), value)
  })
  return found
}

/**
 * Waits for a time to pass where a test should wait for an event: `setTimeout` that does nothing but resolve a promise,
 * and the promised timers of Node.
 */
export function sleeps(file: ParsedFile): ProofFault[] {
  const promised = file.imports.filter(({ specifier }) => specifier === 'node:timers/promises')
  const found = promised.map(() => ({ key: `${file.path}#node:timers/promises` }))
  walk(file.program, (node, ancestors) => {
    if (node.type !== 'CallExpression' || nameOf(node) !== 'setTimeout') return
    const [callback] = node.arguments as SyntaxNode[]
    const name = callback?.type === 'Identifier' ? nameOf(callback) : ''
    if (name && isPromiseParameter(name, ancestors)) found.push({ key: `${file.path}#setTimeout` })
  })
  return found
}

const isPromiseParameter = (name: string, ancestors: readonly SyntaxNode[]): boolean =>
  ancestors.some(
    (node, index) =>
      isFunction(node) &&
      nameOf((node.params as SyntaxNode[])[0]) === name &&
      ancestors[index - 1]?.type === 'NewExpression' &&
      nameOf(ancestors[index - 1]?.callee as SyntaxNode) === 'Promise',
  )
