import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { PHASES, validate } from '@konnect/contract'
import { describePolicy } from '@konnect/sdk'
import { describe, expect, it } from 'vitest'
import { policies } from './index.ts'

interface Field {
  readonly title?: string
  readonly default?: unknown
  readonly description?: string
}

const folder = new URL('.', import.meta.url)
const fieldsOf = (schema: unknown) => Object.entries((schema as { properties: Record<string, Field> }).properties)

describe('the list of policies', () => {
  it('holds every folder once, under its own name', () => {
    const folders = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory())
    expect(policies.map(({ id }) => id)).toEqual(folders.map(({ name }) => name).sort())
  })

  it('has exactly one policy that identifies where none is configured', () => {
    expect(policies.filter(({ isDefaultIdentity }) => isDefaultIdentity === true)).toHaveLength(1)
  })
})

describe.each(policies.map((policy) => ({ policy, id: policy.id })))('$id', ({ policy }) => {
  const { schema, phases, title, description } = describePolicy(policy)

  it('describes itself well enough for a form', () => {
    expect(title).not.toBe('')
    expect(description).toMatch(/\.$/)
    for (const [name, field] of fieldsOf(schema)) expect(field.title, name).toBeTruthy()
  })

  it('passes its phases in order', () => {
    expect(phases).toEqual(PHASES.filter((phase) => phases.includes(phase)))
  })

  it('has defaults that its own schema accepts', () => {
    for (const [name, field] of fieldsOf(schema)) {
      if (field.default !== undefined) expect(validate(field, field.default), name).toEqual([])
    }
  })

  it('refuses unknown settings', () => {
    expect(validate(schema, { unknown: 1 })).toContainEqual(expect.objectContaining({ path: '/unknown' }))
  })

  it('explains every setting in its README, with an example', () => {
    const path = new URL(`${policy.id}/README.md`, folder)
    expect(existsSync(path)).toBe(true)
    const text = readFileSync(path, 'utf8')
    expect(text).toContain(`# ${policy.id}: ${title}`)
    expect(text).toContain(`use: ${policy.id}`)
    for (const [name] of fieldsOf(schema)) expect(text).toContain(`| \`${name}\``)
  })
})
