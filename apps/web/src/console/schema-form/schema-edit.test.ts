import { describe, expect, it } from 'vitest'
import { blankOf, withKey, withoutProperties, withProperty } from './schema-edit.ts'

const schema = {
  type: 'object',
  required: ['name', 'mode', 'targets'],
  properties: {
    name: { type: 'string' },
    mode: { type: 'string', default: 'fallback' },
    targets: { type: 'array', items: { type: 'object', required: ['path'], properties: { path: { default: '/' } } } },
    extra: { type: 'string', default: 'x' },
  },
}

describe('schema edits', () => {
  it('leave out a property together with its being required', () => {
    const edited = withoutProperties(schema, ['name'])
    expect(Object.keys(edited.properties as object)).toEqual(['mode', 'targets', 'extra'])
    expect(edited.required).toEqual(['mode', 'targets'])
  })

  it('describe a property more closely', () => {
    const edited = withProperty(schema, 'extra', { type: 'integer' })
    expect(edited.properties).toMatchObject({ extra: { type: 'integer' }, name: { type: 'string' } })
  })

  it('start a new value with the defaults of what is required', () => {
    expect(blankOf(schema)).toEqual({ mode: 'fallback', targets: [{ path: '/' }] })
  })

  it('remove a key that has no value', () => {
    expect(withKey({ a: 1, b: 2 }, 'a', undefined)).toEqual({ b: 2 })
    expect(withKey({ a: 1, b: 2 }, 'a', 3)).toEqual({ a: 3, b: 2 })
  })
})
