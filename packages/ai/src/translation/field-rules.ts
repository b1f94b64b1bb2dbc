import type { FieldRules, Json, JsonObject } from '@konnect/contract'
import { stringifyExact } from '../json/numbers.ts'
import { removals } from '../json/removal.ts'
import { type MemberSpan, type ObjectScan, scanObject } from '../json/scan.ts'
import { type Edit, splice } from '../json/splice.ts'
import { scanTopLevel } from '../json/top-level.ts'
import type { LossRecorder } from '../loss.ts'

/**
 * Applies a vendor's rules to the bytes of a request; the very same bytes when none bites. Of what is left out, `losses`
 * hold only what stands in the client's own bytes, `given`. Throws as `scanTopLevel` does.
 */
export function fitBytes(body: Buffer, rules: FieldRules | undefined, given: Buffer, losses: LossRecorder): Buffer {
  if (rules === undefined) return body
  const names = namesIn(rules)
  const scan = scanTopLevel(body, names)
  const removed = [...dropsIn(rules, scan)]
  const edits: Edit[] = []
  const present = new Map(scan.values)
  for (const { name } of removed) present.delete(name)
  for (const [from, to] of renamesIn(rules)) {
    const source = scan.values.get(from)
    if (source === undefined) continue
    const target = present.get(to)
    if (target === undefined) edits.push({ ...source.key, text: JSON.stringify(to) })
    else removed.push({ name: from, member: source, isLoss: textAt(body, source) !== textAt(body, target) })
    present.set(to, target ?? source)
  }
  if (removed.length === 0 && edits.length === 0) return body
  const own = removed.length === 0 ? undefined : scanObject(given, names)
  for (const { name, isLoss } of removed) if (isLoss && own?.values.has(name)) losses.drop(name)
  edits.push(
    ...removals(
      body,
      removed.map(({ member }) => member),
      scan.close,
    ),
  )
  return splice(body, edits.sort(byPlace))
}

/** Applies a vendor's rules to a request that was written for it; fields in `added` are nobody's loss. */
export function fitObject(
  body: JsonObject,
  rules: FieldRules | undefined,
  added: readonly string[] | undefined,
  losses: LossRecorder,
): JsonObject {
  if (rules === undefined) return body
  const fitted: { [key: string]: Json } = { ...body }
  const leaveOut = (name: string) => {
    delete fitted[name]
    if (!added?.includes(name)) losses.drop(name)
  }
  for (const name of rules.drop ?? []) if (Object.hasOwn(body, name)) leaveOut(name)
  for (const [from, to] of renamesIn(rules)) {
    const value = body[from]
    if (value === undefined) continue
    const target = fitted[to]
    if (target !== undefined && stringifyExact(target) !== stringifyExact(value)) leaveOut(from)
    else delete fitted[from]
    fitted[to] = target ?? value
  }
  return fitted
}

// What is left out needs no new name.
const renamesIn = ({ drop, rename = {} }: FieldRules): (readonly [string, string])[] =>
  Object.entries(rename).filter(([from]) => !drop?.includes(from))

interface Removal {
  readonly name: string
  readonly member: MemberSpan
  readonly isLoss: boolean
}

function* dropsIn({ drop = [] }: FieldRules, { values }: ObjectScan): Generator<Removal> {
  for (const name of drop) {
    const member = values.get(name)
    if (member !== undefined) yield { name, member, isLoss: true }
  }
}

// One list for each set of rules, so that a repeated scan of the same bytes is recognised.
const knownNames = new WeakMap<FieldRules, readonly string[]>()

function namesIn(rules: FieldRules): readonly string[] {
  const known = knownNames.get(rules)
  if (known !== undefined) return known
  const names = [...new Set([...(rules.drop ?? []), ...Object.entries(rules.rename ?? {}).flat()])]
  knownNames.set(rules, names)
  return names
}

const byPlace = (a: Edit | MemberSpan, b: Edit | MemberSpan): number => a.start - b.start

const textAt = (body: Buffer, { start, end }: MemberSpan): string => body.toString('utf8', start, end)
