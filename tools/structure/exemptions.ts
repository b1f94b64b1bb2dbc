import exemptions from './exemptions.json' with { type: 'json' }

/** An id that may stand as a literal in `path` (a file, or a folder when it ends in `/`). */
export interface IdExemption {
  readonly path: string
  readonly id: string
  readonly reason: string
}

type Reasons = Readonly<Record<string, string>>

/** What is allowed against a rule, each with its reason. Keys are paths, or `path#function`. */
export const EXEMPTIONS: {
  readonly longFiles: Reasons
  readonly longFunctions: Reasons
  readonly ids: readonly IdExemption[]
  readonly environment: Reasons
  readonly sleeps: Reasons
  readonly unasserted: Reasons
} = exemptions

/** Splits findings into what is exempt and what is not, and names the exemptions that nothing needs any more. */
export function withoutExempt<T>(findings: readonly T[], keyOf: (finding: T) => string, reasons: Reasons) {
  const keys = new Set(findings.map(keyOf))
  return {
    open: findings.filter((finding) => !(keyOf(finding) in reasons)),
    stale: Object.keys(reasons).filter((key) => !keys.has(key)),
  }
}

/** A reason is a sentence, not a word. */
export const isReason = (text: string): boolean => text.length >= 20
