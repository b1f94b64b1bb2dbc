import { type ErrorDefinition, GatewayError, problemOf } from '@konnect/contract'
import { table } from './schema-table.ts'

/** The reference page of the error table. */
export function errorsPage(errors: Readonly<Record<string, ErrorDefinition>>): string {
  const rows = Object.entries(errors).map(([code, { status, detail, advice }]) => [
    `\`${code}\``,
    String(status),
    detail,
    advice,
  ])
  const example = JSON.stringify(problemOf(new GatewayError('rate_limited'), '4f2c0000000001'), null, 2)
  return `# Errors

Codes are stable; programs may branch on them. REST clients and the control API get them as RFC 9457 problem documents
(\`application/problem+json\`), AI clients in the error shape of the dialect they speak, with the code in it.

\`\`\`json
${example}
\`\`\`

Status 499 is recorded when a client goes away first; it is never sent.

${table(['Code', 'Status', 'What the client reads', 'What the operator does'], rows)}
`
}
