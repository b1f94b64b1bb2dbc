import { describePolicy, type Policy } from '@konnect/sdk'
import { type DocumentedSchema, schemaTable } from './schema-table.ts'

const FAILURE = {
  open: 'lets requests pass',
  closed: 'refuses requests with 503',
  configurable: 'does what its settings say',
  none: 'cannot happen: it depends on nothing',
} as const

/** The reference page of the policies. */
export function policiesPage(policies: readonly Policy[]): string {
  const descriptions = policies.map(describePolicy)
  return `# Policies

A policy is attached to the whole gateway, a tenant, a plan, an API, a route, a model or an application, as
\`{ use: <id>, with: { <settings> } }\`. Within a phase, policies run in the order in which they are listed; the return
phase runs in reverse.

${descriptions.map(section).join('\n')}`
}

function section(policy: ReturnType<typeof describePolicy>): string {
  return `## ${policy.id}

${policy.title}. ${policy.description}

Phases: ${policy.phases.join(', ')}. When something it depends on is away, it ${FAILURE[policy.failure]}.

${schemaTable(policy.schema as DocumentedSchema)}
`
}
