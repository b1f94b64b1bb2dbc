/** The parts of a JSON Schema that the reference shows. */
export interface DocumentedSchema {
  readonly type?: string | readonly string[]
  readonly title?: string
  readonly description?: string
  readonly default?: unknown
  readonly enum?: readonly unknown[]
  readonly const?: unknown
  readonly properties?: Readonly<Record<string, DocumentedSchema>>
  readonly patternProperties?: Readonly<Record<string, DocumentedSchema>>
  readonly additionalProperties?: boolean | DocumentedSchema
  readonly required?: readonly string[]
  readonly items?: DocumentedSchema
  readonly anyOf?: readonly DocumentedSchema[]
  readonly oneOf?: readonly DocumentedSchema[]
  readonly minimum?: number
  readonly maximum?: number
  readonly 'x-format'?: string
  readonly 'x-ref'?: string
  readonly 'x-secret'?: boolean
  readonly 'x-values'?: Readonly<Record<string, string>>
}

interface Field {
  readonly path: string
  readonly schema: DocumentedSchema
  readonly isRequired: boolean
}

/** A Markdown table of every field of an object schema, nested ones by their path (`targets[].url`). */
export function schemaTable(schema: DocumentedSchema): string {
  const fields = fieldsOf(schema, '')
  if (fields.length === 0) return 'No fields.'
  const rows = fields.map(({ path, schema: field, isRequired }) => [
    `\`${path}\``,
    typeOf(field),
    isRequired ? 'required' : defaultOf(field),
    meaningOf(field),
  ])
  return table(['Field', 'Type', 'Default', 'Meaning'], rows)
}

/** A Markdown table. Cells may not break lines; bars are escaped. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map(cellOf).join(' | ')} |`
  return [line(head), `|${head.map(() => '---').join('|')}|`, ...rows.map(line)].join('\n')
}

const cellOf = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ')

function fieldsOf(schema: DocumentedSchema, prefix: string): Field[] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, field]) => {
    const path = `${prefix}${name}`
    return [{ path, schema: field, isRequired: schema.required?.includes(name) ?? false }, ...nestedFields(field, path)]
  })
}

function nestedFields(schema: DocumentedSchema, path: string): Field[] {
  const branches = [schema, ...(schema.anyOf ?? []), ...(schema.oneOf ?? [])]
  return branches.flatMap((branch) => [
    ...(branch.properties ? fieldsOf(branch, `${path}.`) : []),
    ...(branch.items?.properties ? fieldsOf(branch.items, `${path}[].`) : []),
  ])
}

function meaningOf({ description, title, 'x-values': values = {} }: DocumentedSchema): string {
  const each = Object.entries(values).map(([value, meaning]) => `\`${value}\`: ${meaning}`)
  return [description ?? title ?? '', ...each].join(' ')
}

function defaultOf({ default: value }: DocumentedSchema): string {
  return value === undefined ? '' : `\`${JSON.stringify(value)}\``
}

function typeOf(schema: DocumentedSchema): string {
  if (schema['x-secret']) return 'secret'
  if (schema['x-ref']) return `${schema['x-ref']} name`
  if (schema['x-format']) return schema['x-format']
  if (schema.enum) return schema.enum.map((value) => `\`${value}\``).join(', ')
  if (schema.const !== undefined) return `\`${schema.const}\``
  const branches = schema.anyOf ?? schema.oneOf
  if (branches) return [...new Set(branches.map(typeOf))].join(' or ')
  if (schema.type === 'array') return `list of ${schema.items ? typeOf(schema.items) : 'values'}`
  if (isMap(schema)) return 'map'
  return `${[schema.type ?? 'any'].flat().join(' or ')}${rangeOf(schema)}`
}

const isMap = ({ type, properties, patternProperties, additionalProperties }: DocumentedSchema): boolean =>
  type === 'object' && !properties && (patternProperties !== undefined || typeof additionalProperties === 'object')

function rangeOf({ minimum, maximum }: DocumentedSchema): string {
  if (minimum === undefined && maximum === undefined) return ''
  if (maximum === undefined) return ` ≥ ${minimum}`
  return minimum === undefined ? ` ≤ ${maximum}` : ` ${minimum} to ${maximum}`
}
