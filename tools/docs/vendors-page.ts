import { describeVendor, type Vendor } from '@konnect/sdk'
import { type DocumentedSchema, schemaTable } from './schema-table.ts'

/** The reference page of the AI vendors. */
export function vendorsPage(vendors: readonly Vendor[]): string {
  return `# Vendors

A vendor is the code that speaks to an AI service; a provider is a configured connection to one:
\`{ name: <name>, vendor: <id>, apiKey: "\${env:KEY}" }\`. What only one vendor needs stands in \`settings\`.

${vendors.map(describeVendor).map(section).join('\n')}`
}

function section(vendor: ReturnType<typeof describeVendor>): string {
  const facts = [
    `Speaks ${vendor.dialects.join(', ')}.`,
    vendor.defaultBaseUrl === undefined ? 'Needs a `baseUrl`.' : `Base URL: \`${vendor.defaultBaseUrl}\` unless given.`,
    vendor.needsApiKey ? 'Needs an API key.' : 'The API key is optional.',
  ]
  return `## ${vendor.id}

${vendor.title}. ${vendor.description}

${facts.join(' ')}

${schemaTable(vendor.schema as DocumentedSchema)}
`
}
