import type { FieldRules, VendorDescription } from '@konnect/contract'
import { describeVendor, type Vendor } from '@konnect/sdk'
import { type DocumentedSchema, schemaTable, table } from './schema-table.ts'

/** The reference page of the AI vendors. */
export function vendorsPage(vendors: readonly Vendor[]): string {
  return `# Vendors

A vendor is the code that speaks to an AI service; a provider is a configured connection to one:
\`{ name: <name>, vendor: <id>, apiKey: "\${env:KEY}" }\`. What only one vendor needs stands in \`settings\`.

Key variables are those that the vendor's own SDK or documentation reads the key from; the gateway reads none by itself.
Fields that a vendor refuses are left out of requests, and listed in \`x-konnect-dropped\`; fields that it calls differently
are sent under its name for them.

${overview(vendors.map(describeVendor))}

${vendors.map(describeVendor).map(section).join('\n')}`
}

function overview(vendors: readonly VendorDescription[]): string {
  const rows = vendors.map(({ id, title, dialects, defaultBaseUrl, keyVariable, fields }) => [
    `[${title}](#${id})`,
    `\`${id}\``,
    dialects.join(', '),
    defaultBaseUrl === undefined ? 'to be given' : `\`${defaultBaseUrl}\``,
    keyVariable === undefined ? '' : `\`${keyVariable}\``,
    rulesOf(fields),
  ])
  return table(['Vendor', 'Id', 'Dialects', 'Base URL', 'Key variable', 'Field rules'], rows)
}

function rulesOf({ drop = [], rename = {} }: FieldRules = {}): string {
  const renamed = Object.entries(rename).map(([from, to]) => `\`${from}\` → \`${to}\``)
  const dropped = drop.length === 0 ? [] : [`without ${drop.map((name) => `\`${name}\``).join(', ')}`]
  return [...renamed, ...dropped].join('; ')
}

function section(vendor: VendorDescription): string {
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
