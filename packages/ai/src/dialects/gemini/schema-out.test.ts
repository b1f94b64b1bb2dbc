import type { JsonObject } from '@konnect/contract'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readSchema } from './schema-in.ts'
import { writeSchema } from './schema-out.ts'

const write = (schema: JsonObject) => writeSchema(schema, 'tool')
const property = (schema: JsonObject) => {
  const written = write({ type: 'object', properties: { p: schema } })
  return (written.properties as { p: JsonObject }).p
}

const KNOWN = new Set(
  'type format description nullable enum items minItems maxItems properties required minLength maxLength pattern minimum maximum'.split(
    ' ',
  ),
)

const anySchema = (inner: fc.Arbitrary<JsonObject>) => {
  const several = fc.array(inner, { minLength: 1, maxLength: 3 })
  return fc.record(
    {
      type: fc.constantFrom('object', 'array', 'string', 'integer', ['array', 'null'], ['string', 'object']),
      description: fc.string(),
      properties: fc.dictionary(fc.constantFrom('a', 'b', '__proto__', 'toString'), inner, { maxKeys: 3 }),
      required: fc.constant(['a', 'c']),
      items: inner,
      anyOf: several,
      oneOf: several,
      allOf: several,
      additionalProperties: fc.boolean(),
      format: fc.constantFrom('uri', 'date-time', 'int32'),
      $comment: fc.string(),
    },
    { requiredKeys: [] },
  ) as fc.Arbitrary<JsonObject>
}

/** Where a schema holds what the vendor refuses. */
function faultsOf(schema: JsonObject, path = '#'): string[] {
  if (Array.isArray(schema.anyOf)) {
    const others = Object.keys(schema).filter((key) => key !== 'anyOf')
    const members = (schema.anyOf as JsonObject[]).flatMap((one, index) => faultsOf(one, `${path}/anyOf/${index}`))
    return [...others.map((key) => `${path} has ${key} beside anyOf`), ...members]
  }
  const faults = Object.keys(schema)
    .filter((key) => !KNOWN.has(key))
    .map((key) => `${path} has ${key}`)
  if (typeof schema.type !== 'string') faults.push(`${path} has no type`)
  if (schema.type === 'array') faults.push(...faultsOf(schema.items as JsonObject, `${path}/items`))
  const properties = Object.entries((schema.properties ?? {}) as Record<string, JsonObject>)
  if (schema.properties !== undefined && properties.length === 0) faults.push(`${path} has no properties`)
  return [...faults, ...properties.flatMap(([name, one]) => faultsOf(one, `${path}/${name}`))]
}

describe('schemas for the vendor', () => {
  it('inline references, those in references as well, and keep what stands beside them', () => {
    const schema: JsonObject = {
      type: 'object',
      properties: { home: { $ref: '#/$defs/address', description: 'Where' }, work: { $ref: '#/definitions/a~1b%20c' } },
      $defs: { address: { type: 'object', properties: { city: { $ref: '#/$defs/name' } } }, name: { type: 'string' } },
      definitions: { 'a/b c': { type: 'integer' } },
    }
    expect(write(schema)).toEqual({
      type: 'object',
      properties: {
        home: { type: 'object', properties: { city: { type: 'string' } }, description: 'Where' },
        work: { type: 'integer' },
      },
    })
  })

  it.each<[string, JsonObject]>([
    ['itself', { type: 'object', properties: { next: { $ref: '#' } } }],
    ['a definition of itself', { $ref: '#/$defs/n', $defs: { n: { type: 'array', items: { $ref: '#/$defs/n' } } } }],
    ['itself through allOf', { $ref: '#/$defs/n', $defs: { n: { allOf: [{ $ref: '#/$defs/n' }] } } }],
    ['two that name each other', { $ref: '#/$defs/a', $defs: { a: { $ref: '#/$defs/b' }, b: { $ref: '#/$defs/a' } } }],
  ])('that contain %s are refused, by the name of the tool', (_what, schema) => {
    expect(() => write(schema)).toThrow(
      expect.objectContaining({ code: 'unsupported_feature', detail: expect.stringContaining('"tool": it contains') }),
    )
  })

  it.each<[string, (ref: JsonObject) => JsonObject]>([
    ['in properties', (ref) => ({ type: 'object', properties: { a: ref, b: ref } })],
    ['in allOf', (ref) => ({ allOf: [ref, ref] })],
  ])('that double with every reference %s are refused before they fill the memory', (_where, doubled) => {
    const $defs: { [key: string]: JsonObject } = { d0: { type: 'string' } }
    for (let i = 1; i <= 25; i++) $defs[`d${i}`] = doubled({ $ref: `#/$defs/d${i - 1}` })
    expect(() => write({ $ref: '#/$defs/d25', $defs })).toThrow(/is too large/)
  })

  it('that refer to nothing are the fault of the client', () => {
    for (const $ref of ['#/$defs/none', 'https://example.com/s.json', '#/__proto__'])
      expect(() => write({ $ref })).toThrow(expect.objectContaining({ code: 'invalid_request' }))
  })

  it.each<[JsonObject, JsonObject]>([
    [{ type: ['string', 'null'] }, { type: 'string', nullable: true }],
    [{ type: ['string', 'integer'] }, { anyOf: [{ type: 'string' }, { type: 'integer' }] }],
    [{ type: 'null' }, { type: 'string', nullable: true }],
    [{ const: 'a' }, { type: 'string', enum: ['a'] }],
    [
      { type: 'string', enum: ['a', '', null] },
      { type: 'string', enum: ['a'], nullable: true },
    ],
    [
      { type: 'integer', enum: [3, 1, 2] },
      { type: 'integer', minimum: 1, maximum: 3 },
    ],
    [{ type: 'boolean', const: true }, { type: 'boolean' }],
    [
      { anyOf: [{ type: 'string' }, { type: 'null' }], description: 'd' },
      { type: 'string', description: 'd', nullable: true },
    ],
    [{ oneOf: [{ type: 'string' }, { type: 'number' }] }, { anyOf: [{ type: 'string' }, { type: 'number' }] }],
    [
      { type: 'string', format: 'uri', pattern: '^h', default: 'x', title: 't' },
      { type: 'string', pattern: '^h' },
    ],
    [
      { type: 'string', format: 'date-time' },
      { type: 'string', format: 'date-time' },
    ],
    [{ type: 'object', additionalProperties: false }, { type: 'object' }],
    [{ type: 'object', properties: {}, required: ['gone'] }, { type: 'object' }],
    [
      { type: 'number', exclusiveMinimum: 0, maximum: 5 },
      { type: 'number', maximum: 5 },
    ],
  ])('%j becomes %j', (schema, expected) => {
    expect(property(schema)).toEqual(expected)
  })

  it('have a type everywhere, also where anything goes', () => {
    for (const anything of [{}, true]) {
      expect(property(anything as JsonObject)).toEqual({
        anyOf: [{ type: 'string' }, { type: 'number' }, { type: 'boolean' }, { type: 'object' }],
      })
    }
    expect(property({ type: 'array' })).toHaveProperty('items.anyOf')
  })

  it('say nothing beside anyOf, where some servers refuse it, but in each of its members', () => {
    const anyOf = [{ type: ['string', 'number'] }, { type: 'boolean', description: 'own' }, { type: 'null' }]
    expect(property({ anyOf, description: 'd', title: 't', default: null })).toEqual({
      anyOf: [
        { type: 'string', description: 'd', nullable: true },
        { type: 'number', description: 'd', nullable: true },
        { type: 'boolean', description: 'own', nullable: true },
      ],
    })
    expect(property({ description: 'whatever' })).toHaveProperty('anyOf.3', { type: 'object', description: 'whatever' })
  })

  it('are made of nothing but what the vendor knows, whatever they were', () => {
    const { schema } = fc.letrec<{ schema: JsonObject; leaf: JsonObject }>((tie) => ({
      schema: fc.oneof({ maxDepth: 4 }, tie('leaf'), anySchema(tie('schema'))),
      leaf: fc.constantFrom<JsonObject>(
        {},
        { const: 1 },
        { type: 'null' },
        { enum: ['a', null] },
        { $ref: '#/$defs/d' },
      ),
    }))
    fc.assert(
      fc.property(schema, (given) => {
        const written = write({ type: 'object', properties: { p: given }, $defs: { d: { type: ['string', 'null'] } } })
        expect(faultsOf(written)).toEqual([])
      }),
    )
  })

  it('of allOf are one with the demands of all', () => {
    const parts = [
      { type: 'object', properties: { a: { type: 'string' } }, required: ['a'] },
      { properties: { b: { type: 'string' } }, required: ['b'] },
    ]
    expect(property({ allOf: parts })).toEqual({
      type: 'object',
      properties: { a: { type: 'string' }, b: { type: 'string' } },
      required: ['a', 'b'],
    })
  })

  it('ask for no property that they do not have, and name none of the prototype', () => {
    const schema = { type: 'object', properties: { a: { type: 'string' } }, required: ['a', 'toString'] }
    expect(write(schema).required).toEqual(['a'])
  })
})

describe('schemas of clients', () => {
  it('become JSON Schema: types in small letters, nullable a list of types, counts numbers', () => {
    const given = {
      type: 'OBJECT',
      properties: {
        any_of: { type: 'STRING', nullable: true },
        l: { type: 'ARRAY', items: { type: 'INTEGER' }, max_items: '3' },
      },
      property_ordering: ['l'],
    }
    expect(readSchema(given)).toEqual({
      type: 'object',
      properties: {
        any_of: { type: ['string', 'null'] },
        l: { type: 'array', items: { type: 'integer' }, maxItems: 3 },
      },
    })
  })
})
