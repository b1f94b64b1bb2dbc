import { ERRORS, RESOURCES } from '@konnect/contract'
import { describe, expect, it } from 'vitest'
import { textOf } from '../structure/tree.ts'
import { PAGES } from './pages.ts'
import { type DocumentedSchema, schemaTable } from './schema-table.ts'

describe('reference pages', () => {
  it.each(PAGES)('$path says what the definitions say (npm run docs writes it)', ({ path, render }) => {
    expect(textOf(path)).toBe(render())
  })

  it('list exactly the codes of the error table', () => {
    const listed = [...textOf('docs/reference/errors.md').matchAll(/^\| `([a-z_]+)` \| (\d{3}) /gm)]
    expect(Object.fromEntries(listed.map(([, code, status]) => [code, Number(status)]))).toEqual(
      Object.fromEntries(Object.entries(ERRORS).map(([code, { status }]) => [code, status])),
    )
  })

  it('have a section for every resource', () => {
    const page = textOf('docs/reference/config.md')
    expect(RESOURCES.filter(({ title }) => !page.includes(`\n## ${title}\n`))).toEqual([])
  })
})

describe('the table of a schema', () => {
  it('shows nested fields, what is required, defaults, ranges and references', () => {
    const schema: DocumentedSchema = {
      type: 'object',
      required: ['targets'],
      properties: {
        targets: {
          type: 'array',
          items: { type: 'object', properties: { weight: { type: 'integer', minimum: 0, maximum: 9, default: 1 } } },
        },
        upstream: {
          anyOf: [
            { type: 'string', 'x-ref': 'upstream' },
            { type: 'object', properties: { a: {} } },
          ],
        },
        mode: { enum: ['x', 'y'], description: 'One | the other.' },
      },
    }
    const cells = schemaTable(schema)
      .split('\n')
      .slice(2)
      .map((line) =>
        line
          .split(/(?<!\\)\|/)
          .slice(1, -1)
          .map((cell) => cell.trim()),
      )
    expect(cells).toEqual([
      ['`targets`', 'list of object', 'required', ''],
      ['`targets[].weight`', 'integer 0 to 9', '`1`', ''],
      ['`upstream`', 'upstream name or object', '', ''],
      ['`upstream.a`', 'any', '', ''],
      ['`mode`', '`x`, `y`', '', 'One \\| the other.'],
    ])
  })
})
