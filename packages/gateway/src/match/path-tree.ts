import { acceptsMethod, type Conditions, compareConditions, headersHold, queryHolds } from './conditions.ts'
import type { PathPattern } from './path-pattern.ts'
import type { RouteFound, RouterRequest } from './route.ts'

/** One route at one path of the tree. */
export interface Leaf<T> {
  readonly value: T
  readonly conditions: Conditions
  readonly names: readonly string[]
  /** The whole answer, where it is the same for every request. */
  readonly found: RouteFound<T> | undefined
}

/** The routes that end at one place, most conditions first. HEAD has its own order: asking for HEAD beats offering GET. */
interface Terminal<T> {
  leaves: Leaf<T>[]
  leavesForHead: Leaf<T>[]
}

/** A radix tree: each node stands for the text on the way to it; a parameter stands for one whole segment. */
export interface PathNode<T> {
  text: string
  readonly children: Map<number, PathNode<T>>
  parameter: PathNode<T> | undefined
  exact: Terminal<T> | undefined
  prefix: Terminal<T> | undefined
}

/** What one look-up carries through the tree. Reused from one look-up to the next. */
export interface Search {
  /** Start and end of each parameter. */
  readonly bounds: number[]
  /** Something matched but for its method. */
  isMethodMissing: boolean
  /** The query, once a condition has asked for it. */
  parameters: URLSearchParams | undefined
  /** Where given, collects the methods of what matches otherwise. */
  allowed: Set<string> | undefined
}

const SLASH = 47

/** Inherits nothing, so that any name can be a parameter; several times as fast as `Object.create(null)`. */
class Params {
  [name: string]: string
}
Object.setPrototypeOf(Params.prototype, null)
Reflect.deleteProperty(Params.prototype, 'constructor')

export function createPathNode<T>(text = ''): PathNode<T> {
  return { text, children: new Map(), parameter: undefined, exact: undefined, prefix: undefined }
}

/** Adds a route. Among equals the one that was added first is tried first. */
export function insertRoute<T>(root: PathNode<T>, pattern: PathPattern, conditions: Conditions, value: T): void {
  let node = root
  pattern.literals.forEach((literal, index) => {
    if (index > 0) {
      node.parameter ??= createPathNode<T>()
      node = node.parameter
    }
    node = descend(node, literal)
  })
  addLeaf(terminalOf(node, pattern.isExact ? 'exact' : 'prefix'), leafOf(pattern, conditions, value))
}

/** The most specific route below `node` that takes the request; `position` is where the node's text ended. */
export function walk<T>(
  node: PathNode<T>,
  request: RouterRequest,
  search: Search,
  position: number,
  depth: number,
): RouteFound<T> | undefined {
  const { path } = request
  if (position === path.length) {
    return (
      (node.exact && choose(node.exact, request, search, position)) ??
      (node.prefix && choose(node.prefix, request, search, position))
    )
  }
  const code = path.charCodeAt(position)
  const child = node.children.get(code)
  if (child !== undefined && path.startsWith(child.text, position)) {
    const found = walk(child, request, search, position + child.text.length, depth)
    if (found !== undefined) return found
  }
  if (node.parameter !== undefined && code !== SLASH) {
    const found = walkParameter(node.parameter, request, search, position, depth)
    if (found !== undefined) return found
  }
  return node.prefix !== undefined && code === SLASH ? choose(node.prefix, request, search, position) : undefined
}

function walkParameter<T>(
  node: PathNode<T>,
  request: RouterRequest,
  search: Search,
  position: number,
  depth: number,
): RouteFound<T> | undefined {
  const slash = request.path.indexOf('/', position)
  const end = slash === -1 ? request.path.length : slash
  search.bounds[depth * 2] = position
  search.bounds[depth * 2 + 1] = end
  return walk(node, request, search, end, depth + 1)
}

function choose<T>(
  terminal: Terminal<T>,
  request: RouterRequest,
  search: Search,
  position: number,
): RouteFound<T> | undefined {
  const leaves = request.method === 'HEAD' ? terminal.leavesForHead : terminal.leaves
  for (const leaf of leaves) {
    const { methods, headers, query } = leaf.conditions
    const isAccepted = acceptsMethod(methods, request.method)
    if (!isAccepted && search.isMethodMissing && search.allowed === undefined) continue
    if (!headersHold(headers, request.headers)) continue
    if (query.length > 0 && !queryHolds(query, parametersOf(request, search))) continue
    if (isAccepted) return leaf.found ?? foundWithParameters(leaf, request.path, search, position)
    search.isMethodMissing = true
    for (const method of methods ?? []) search.allowed?.add(method)
  }
  return undefined
}

/** Parsed at most once in a look-up, however many routes ask. */
function parametersOf(request: RouterRequest, search: Search): URLSearchParams {
  search.parameters ??= new URLSearchParams(request.query)
  return search.parameters
}

function foundWithParameters<T>(leaf: Leaf<T>, path: string, search: Search, position: number): RouteFound<T> {
  const params: Record<string, string> = new Params()
  for (let i = 0; i < leaf.names.length; i++) {
    params[leaf.names[i] as string] = path.slice(search.bounds[i * 2], search.bounds[i * 2 + 1])
  }
  return { kind: 'found', match: { value: leaf.value, matchedPath: path.slice(0, position), params } }
}

function descend<T>(start: PathNode<T>, literal: string): PathNode<T> {
  let node = start
  let rest = literal
  while (rest !== '') {
    const code = rest.charCodeAt(0)
    const child = node.children.get(code)
    if (child === undefined) {
      const created = createPathNode<T>(rest)
      node.children.set(code, created)
      return created
    }
    const shared = sharedLength(child.text, rest)
    node = shared === child.text.length ? child : split(node, child, shared)
    rest = rest.slice(shared)
  }
  return node
}

/** Puts a node of the first `length` characters between `parent` and `child`. */
function split<T>(parent: PathNode<T>, child: PathNode<T>, length: number): PathNode<T> {
  const middle = createPathNode<T>(child.text.slice(0, length))
  parent.children.set(middle.text.charCodeAt(0), middle)
  child.text = child.text.slice(length)
  middle.children.set(child.text.charCodeAt(0), child)
  return middle
}

function sharedLength(a: string, b: string): number {
  const most = Math.min(a.length, b.length)
  let length = 0
  while (length < most && a.charCodeAt(length) === b.charCodeAt(length)) length++
  return length
}

function terminalOf<T>(node: PathNode<T>, match: 'exact' | 'prefix'): Terminal<T> {
  const terminal = node[match] ?? { leaves: [], leavesForHead: [] }
  node[match] = terminal
  return terminal
}

function leafOf<T>(pattern: PathPattern, conditions: Conditions, value: T): Leaf<T> {
  const { literals, names } = pattern
  const match = { value, matchedPath: literals[0] ?? '', params: undefined }
  const found = names.length > 0 ? undefined : Object.freeze({ kind: 'found' as const, match: Object.freeze(match) })
  return { value, conditions, names, found }
}

function addLeaf<T>(terminal: Terminal<T>, leaf: Leaf<T>): void {
  terminal.leaves.push(leaf)
  terminal.leaves.sort((a, b) => compareConditions(a.conditions, b.conditions))
  terminal.leavesForHead.push(leaf)
  terminal.leavesForHead.sort(
    (a, b) => compareConditions(a.conditions, b.conditions) || Number(namesHead(b)) - Number(namesHead(a)),
  )
}

function namesHead<T>(leaf: Leaf<T>): boolean {
  return leaf.conditions.methods?.includes('HEAD') ?? false
}
