import type { ApplyResult, FieldFault } from '@konnect/contract'

const SIGNS = { create: '+', update: '~', delete: '-', unchanged: ' ' } as const

/** One line for each change, and what else there is to say. */
export function describeResult(result: ApplyResult): string[] {
  const changes = result.changes.filter((change) => change.action !== 'unchanged')
  return [
    ...changes.map(
      ({ action, kind, parent, name }) => `${SIGNS[action]} ${kind} ${parent === null ? '' : `${parent}/`}${name}`,
    ),
    ...result.warnings.map((warning) => `! ${warning}`),
    changes.length === 0 ? 'Nothing differs.' : `${changes.length} ${changes.length === 1 ? 'change' : 'changes'}.`,
  ]
}

/** What the program says of an error: the sentence, then each fault as `file:line:column  message`. */
export function describeError(error: unknown): string[] {
  if (!(error instanceof Error)) return [String(error)]
  const { code, reason, detail, errors } = error as Partial<{
    code: string
    reason: string
    detail: string
    errors: readonly FieldFault[]
  }>
  const sentence = reason ?? detail ?? error.message
  return [code === undefined ? sentence : `${code}: ${sentence}`, ...(errors ?? []).map(describeFault)]
}

function describeFault({ file, line, column, path, message }: FieldFault): string {
  const place = line === undefined ? path || '/' : `${file ?? 'configuration'}:${line}:${column ?? 1}`
  return `  ${place}  ${message}`
}
