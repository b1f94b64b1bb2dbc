import { type JsonObject, RESOURCES } from '@konnect/contract'
import { describe, expect, it } from 'vitest'
import { type Field, fieldOf } from './form-model.ts'

const schemaOf = (kind: string): JsonObject => {
  const found = RESOURCES.find((resource) => resource.kind === kind)
  return JSON.parse(JSON.stringify(found?.schema)) as JsonObject
}
const fieldsOf = (kind: string): readonly Field[] => fieldOf(schemaOf(kind)).fields ?? []
const kinds = (fields: readonly Field[] | undefined) =>
  Object.fromEntries((fields ?? []).map((field) => [field.key, field.kind]))

describe('fieldOf', () => {
  it('finds an editor for every property of every kind of resource', () => {
    for (const resource of RESOURCES) {
      const fields = fieldsOf(resource.kind)
      expect(fields.length, resource.kind).toBeGreaterThan(0)
      for (const field of fields) expect(field.title, `${resource.kind}.${field.key}`).not.toBe('')
    }
  })

  it('lets JSON text stand in only for settings whose schema is elsewhere', () => {
    const free = RESOURCES.flatMap((resource) =>
      fieldsOf(resource.kind)
        .filter((field) => field.kind === 'json')
        .map((field) => field.key),
    )
    expect([...new Set(free)].sort()).toEqual(['settings', 'with'])
  })

  it('reads a route', () => {
    expect(kinds(fieldsOf('route'))).toEqual({
      name: 'text',
      hosts: 'texts',
      paths: 'texts',
      match: 'enum',
      methods: 'texts',
      headers: 'record',
      query: 'record',
      stripPath: 'boolean',
      protocol: 'enum',
      upstream: 'ref',
      policies: 'list',
    })
  })

  it('offers an upstream by name or in place, with its targets as a list', () => {
    const upstream = fieldsOf('api').find((field) => field.key === 'upstream')
    expect(upstream?.kind).toBe('choice')
    expect(upstream?.fields?.map((branch) => branch.kind)).toEqual(['ref', 'group'])
    expect(kinds(upstream?.fields?.[1]?.fields)).toMatchObject({
      targets: 'list',
      timeout: 'duration',
      health: 'group',
    })
  })

  it('keeps help, defaults and what is advanced', () => {
    const upstream = fieldOf(schemaOf('upstream'))
    const find = (key: string) => upstream.fields?.find((field) => field.key === key)
    expect(find('retries')).toMatchObject({ kind: 'number', placeholder: '1', isRequired: false, isAdvanced: false })
    expect(find('retryBudget')?.isAdvanced).toBe(true)
    expect(find('targets')?.isRequired).toBe(true)
    expect(find('timeout')?.help).toBe('Until the response head has arrived.')
  })

  it('says what each value means where the definition does, and every mode of a model has its sentence', () => {
    const strategy = fieldsOf('model').find(({ key }) => key === 'strategy')
    const mode = strategy?.fields?.find(({ key }) => key === 'mode')
    expect(Object.keys(mode?.meanings ?? {})).toEqual(mode?.values)
    expect(mode?.values).toContain('lowest-latency')
    expect(fieldOf({ type: 'string', enum: ['a'] })).not.toHaveProperty('meanings')
  })

  it('treats secrets as secrets', () => {
    expect(kinds(fieldsOf('provider')).apiKey).toBe('secret')
    const pool = fieldsOf('provider').find(({ key }) => key === 'apiKeys')
    expect(pool?.kind).toBe('list')
    expect(kinds(pool?.item?.fields)).toEqual({ name: 'text', value: 'secret', weight: 'number', enabled: 'boolean' })
  })

  it.each([
    [{ type: 'array', items: { type: 'string', enum: ['a', 'b'] } }, 'options'],
    [{ anyOf: [{ const: 'a' }, { const: 'b' }] }, 'enum'],
    [{ anyOf: [{ type: 'integer' }, { type: 'null' }] }, 'number'],
    [{ type: 'string', format: 'date-time' }, 'moment'],
    [{ type: 'string', maxLength: 4000 }, 'paragraph'],
    [{ type: 'array', items: { type: 'array' } }, 'json'],
    [{}, 'json'],
  ] as const)('edits %j as %s', (schema, kind) => {
    expect(fieldOf(schema as unknown as JsonObject).kind).toBe(kind)
  })

  it('makes a title of a key that has none', () => {
    expect(fieldOf({ type: 'string' }, 'maxAgeSeconds').title).toBe('Max age seconds')
  })
})
