import { GatewayError, type Json, type JsonObject } from '@konnect/contract'
import { camelsOf } from '../../google/wire.ts'
import { stringifyExact } from '../../json/numbers.ts'

type Container = Json[] | { [key: string]: Json }

const STEP = /\.([^.[\]]+)|\[(\d+)\]|\['((?:[^'\\]|\\.)*)'\]|\["((?:[^"\\]|\\.)*)"\]/y
const MAX_STEPS = 64

const damaged = (reason: string) => new GatewayError('upstream_invalid', { reason })

/**
 * Arguments that come in pieces (`partialArgs`): each names its place by a JSONPath (RFC 9535, names and indexes only), and
 * the pieces of one text follow one another. Throws `upstream_invalid` for a path that leads nowhere.
 */
export class PartialArguments {
  readonly #root: { [key: string]: Json } = emptyObject()

  add(value: unknown): void {
    for (const piece of camelsOf(value)) {
      const found = pieceValue(piece)
      if (found !== undefined) this.#place(stepsOf(piece.jsonPath), found)
    }
  }

  /** Members of a whole object, over what is there. */
  assign(value: JsonObject): void {
    Object.assign(this.#root, value)
  }

  get text(): string {
    return stringifyExact(this.#root)
  }

  #place(steps: readonly (string | number)[], value: Json): void {
    let at: Container = this.#root
    steps.forEach((step, index) => {
      const next = steps[index + 1]
      const known = memberOf(at, step)
      if (next === undefined)
        setMember(at, step, typeof known === 'string' && typeof value === 'string' ? known + value : value)
      else {
        const inner: Container = isContainer(known) ? known : typeof next === 'number' ? [] : emptyObject()
        setMember(at, step, inner)
        at = inner
      }
    })
  }
}

// Without a prototype, every key is one of the arguments'.
const emptyObject = (): { [key: string]: Json } => Object.create(null)

const isContainer = (value: Json | undefined): value is Container => typeof value === 'object' && value !== null

const memberOf = (at: Container, step: string | number): Json | undefined =>
  Array.isArray(at) ? (typeof step === 'number' ? at[step] : undefined) : at[String(step)]

function setMember(at: Container, step: string | number, value: Json): void {
  if (!Array.isArray(at)) at[String(step)] = value
  else if (typeof step === 'number' && step <= at.length) at[step] = value
  else throw damaged('A piece of arguments stands outside of its list')
}

function pieceValue(piece: JsonObject): Json | undefined {
  if ('nullValue' in piece) return null
  return piece.stringValue ?? piece.numberValue ?? piece.boolValue
}

function stepsOf(path: unknown): (string | number)[] {
  if (typeof path !== 'string' || !path.startsWith('$')) throw damaged('A piece of arguments has no path')
  const steps: (string | number)[] = []
  STEP.lastIndex = 1
  while (STEP.lastIndex < path.length) {
    const match = STEP.exec(path)
    if (match === null || steps.length === MAX_STEPS) throw damaged('The path of a piece of arguments cannot be read')
    const [, name, index, single, double] = match
    const quoted = (single ?? double)?.replace(/\\(.)/g, '$1')
    steps.push(index === undefined ? (name ?? quoted ?? '') : Number(index))
  }
  return steps
}
