import type { FieldFault, Json, JsonObject } from '@konnect/contract'
import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type LineCounter,
  type Node,
  type Pair,
  type YAMLMap,
} from 'yaml'
import { pointerToken } from '../resources/walk.ts'
import { expandEnvironment } from './environment.ts'

/** Aliases that one file may use; more is an attack or an accident. */
const MAX_ALIASES = 100
const MAX_NODES = 1_000_000

interface Place {
  readonly file: string
  readonly line: number
  readonly column: number
}

/** What a {@link NodeReader} reads from. */
export interface NodeReaderOptions {
  readonly source: Document.Parsed
  readonly lines: LineCounter
  readonly file: string
  readonly env?: Readonly<Record<string, string | undefined>> | undefined
}

/** Turns YAML nodes into JSON values and remembers where each value and key stands. */
export class NodeReader {
  readonly faults: FieldFault[] = []
  readonly #options: NodeReaderOptions
  readonly #values = new Map<string, number>()
  readonly #keys = new Map<string, number>()
  readonly #open = new Set<Node>()
  #aliases = 0
  #nodes = 0

  constructor(options: NodeReaderOptions) {
    this.#options = options
  }

  /** The value at `node`; what cannot be read leaves a fault. */
  read(node: Node | null, pointer = '', offset = offsetOf(node)): Json {
    if (offset !== undefined) this.#values.set(pointer, offset)
    this.#nodes += 1
    if (node === null) return null
    if (this.#nodes > MAX_NODES) return this.fault(node, 'This is larger than a configuration can be.')
    if (isAlias(node)) return this.#readAlias(node, pointer)
    if (this.#open.has(node)) return this.fault(node, 'This alias leads back to itself.')
    if (isScalar(node)) return this.#readScalar(node, pointer)
    this.#open.add(node)
    const value = isMap(node) ? this.#readMap(node, pointer) : this.#readSeq(node, pointer)
    this.#open.delete(node)
    return value
  }

  /** Where a fault stands: at the unknown key it is about, else at the value, else at what should hold the value. */
  placeOf(fault: FieldFault): Place {
    const key = fault.message.startsWith('Unknown key') ? this.#keys.get(fault.path) : undefined
    return this.#placeAt(key ?? this.#nearest(fault.path))
  }

  /** Records a fault at `node`. */
  fault(node: Node, message: string, pointer = ''): null {
    this.faults.push({ path: pointer, message, ...this.#placeAt(offsetOf(node) ?? 0) })
    return null
  }

  #placeAt(offset: number): Place {
    const { line, col } = this.#options.lines.linePos(offset)
    return { file: this.#options.file, line: Math.max(1, line), column: Math.max(1, col) }
  }

  #nearest(pointer: string): number {
    for (let path = pointer; path !== ''; path = path.slice(0, path.lastIndexOf('/'))) {
      const offset = this.#values.get(path)
      if (offset !== undefined) return offset
    }
    return this.#values.get('') ?? 0
  }

  #readAlias(node: Node, pointer: string): Json {
    this.#aliases += 1
    if (!isAlias(node)) return null
    const target = node.resolve(this.#options.source)
    if (!target) return this.fault(node, `No anchor named "${node.source}" stands before this alias.`, pointer)
    if (this.#open.has(target)) return this.fault(node, 'This alias leads back to itself.', pointer)
    if (this.#aliases > MAX_ALIASES) {
      const isFirst = this.#aliases === MAX_ALIASES + 1
      return isFirst ? this.fault(node, `Expected at most ${MAX_ALIASES} aliases in one file.`, pointer) : null
    }
    return this.read(target, pointer, offsetOf(node))
  }

  #readMap(node: YAMLMap, pointer: string): JsonObject {
    const value: JsonObject = {}
    for (const pair of node.items as Pair<Node, Node | null>[]) {
      const key = isScalar(pair.key) ? String(pair.key.value) : undefined
      if (key === undefined || key === '__proto__') {
        this.fault(pair.key, 'Expected a plain text as key.', pointer)
        continue
      }
      const place = `${pointer}/${pointerToken(key)}`
      const offset = offsetOf(pair.key)
      if (offset !== undefined) this.#keys.set(place, offset)
      value[key] = this.read(pair.value, place, offsetOf(pair.value) ?? offset)
    }
    return value
  }

  #readSeq(node: Node, pointer: string): Json[] {
    if (!isSeq(node)) return []
    return node.items.map((item, index) => this.read(item as Node | null, `${pointer}/${index}`))
  }

  #readScalar(node: Node & { value?: unknown }, pointer: string): Json {
    const { value } = node
    if (typeof value === 'string') return this.#expand(node, value, pointer)
    if (typeof value === 'number' && !Number.isFinite(value))
      return this.fault(node, 'Expected a finite number.', pointer)
    if (value === null || typeof value === 'boolean' || typeof value === 'number') return value
    return this.fault(node, 'Expected text, a number, true, false or null.', pointer)
  }

  #expand(node: Node, text: string, pointer: string): string {
    const { value, faults } = expandEnvironment(text, this.#options.env)
    for (const message of faults) this.fault(node, message, pointer)
    return value
  }
}

const offsetOf = (node: Node | null | undefined): number | undefined => node?.range?.[0]
