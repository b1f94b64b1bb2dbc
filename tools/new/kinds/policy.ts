import { withElement, withImport } from '../edit-list.ts'
import type { Words } from '../words.ts'
import type { LeafPlanner } from './plan.ts'

const FOLDER = 'packages/policies/src'
const LIST = `${FOLDER}/index.ts`

/** A policy that adds a response field: the smallest behaviour that can be proved. */
export const planPolicy: LeafPlanner = (words) => ({
  files: {
    [`${FOLDER}/${words.kebab}/policy.ts`]: behaviour(words),
    [`${FOLDER}/${words.kebab}/policy.test.ts`]: proof(words),
    [`${FOLDER}/${words.kebab}/README.md`]: readme(words),
  },
  edits: {
    [LIST]: (text) =>
      withImport(
        withElement(LIST, text, 'policies', words.camel),
        `import { ${words.camel} } from './${words.kebab}/policy.ts'`,
      ),
  },
})

const behaviour = ({ kebab, camel, title }: Words) => `import { closed } from '@konnect/contract'
import { definePolicy } from '@konnect/sdk'
import { Type } from 'typebox'

const settings = closed({
  value: Type.Optional(
    Type.String({
      title: 'Value',
      description: 'Value of the response field x-${kebab}.',
      pattern: '^[\\\\x20-\\\\x7e]{1,256}$',
      default: 'on',
    }),
  ),
})

/** Adds the field \`x-${kebab}\` to every response, errors included. */
export const ${camel} = definePolicy({
  id: '${kebab}',
  title: '${title}',
  description: 'Adds the field x-${kebab} to every response.',
  settings,
  phases: ['match'],
  failure: 'none',
  compile({ value = 'on' }) {
    return { match: (exchange) => exchange.addResponseHeader('x-${kebab}', value) }
  },
})
`

const proof = ({ kebab, camel }: Words) => `import { validate } from '@konnect/contract'
import { FakeExchange, fakePolicyContext, runPolicy } from '@konnect/testkit'
import { describe, expect, it } from 'vitest'
import { ${camel} } from './policy.ts'

const fieldsFor = async (settings: { value?: string }) => {
  const exchange = new FakeExchange()
  await runPolicy(${camel}.compile(settings, fakePolicyContext()), exchange)
  return exchange.responseHeaders
}

describe('${kebab}', () => {
  it('adds its field to every response', async () => {
    expect(await fieldsFor({})).toEqual(['x-${kebab}', 'on'])
    expect(await fieldsFor({ value: 'loud' })).toEqual(['x-${kebab}', 'loud'])
  })

  it('refuses values that would break the header section', () => {
    expect(validate(${camel}.settings, { value: 'a\\r\\nb: c' })).toHaveLength(1)
    expect(validate(${camel}.settings, { value: 'a' })).toEqual([])
  })
})
`

const readme = ({ kebab, title }: Words) => `# ${title}

Adds the field \`x-${kebab}\` to every response, errors included.

\`\`\`yaml
policies: [{ use: ${kebab}, with: { value: loud } }]
\`\`\`
`
