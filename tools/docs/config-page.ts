import type { ResourceDefinition } from '@konnect/contract'
import { schemaTable } from './schema-table.ts'

/** The reference page of the declarative file and of the bodies of the control API. */
export function configPage(resources: readonly ResourceDefinition[]): string {
  const roots = resources.filter(({ parent }) => parent === undefined)
  const sections = roots.flatMap((root) => [root, ...resources.filter(({ parent }) => parent === root.kind)])
  return `# Configuration

Every resource has one form, in the declarative file and in the control API. Unknown keys are errors. Durations are a
number and \`ms\`, \`s\`, \`m\`, \`h\` or \`d\`; sizes a number and \`b\`, \`kb\`, \`mb\` or \`gb\`. Secrets are encrypted at rest and
read back as \`***\`.

${sections.map(section).join('\n')}`
}

function section(resource: ResourceDefinition): string {
  const place = resource.parent
    ? `Inside its ${resource.parent}, as \`${resource.plural}\`.`
    : `As \`${resource.plural}\`.`
  const scope = resource.scope === 'system' ? ' Concerns the whole gateway.' : ''
  return `## ${resource.title}

${resource.description} ${place}${scope}

${schemaTable(resource.schema)}
`
}
