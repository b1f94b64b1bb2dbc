import { withElement, withImport, withInterfaceMember, withProperty, withUnionMember } from '../edit-list.ts'
import type { Words } from '../words.ts'
import type { LeafPlanner } from './plan.ts'

const FOLDER = 'packages/contract/src/resources'
const LIST = `${FOLDER}/list.ts`
const DEFINITION = `${FOLDER}/definition.ts`
const ENTRY = 'packages/contract/src/index.ts'
const CLIENT = 'packages/client/src/resources.ts'
const NOUNS = 'apps/web/src/console/change/use-resource-change.ts'

/** A kind of resource with a name and a description; everything else follows from its schema. */
export const planResource: LeafPlanner = (words) => ({
  files: {
    [`${FOLDER}/${words.kebab}.ts`]: definition(words),
    [`${FOLDER}/${words.kebab}.test.ts`]: proof(words),
  },
  edits: {
    [LIST]: (text) =>
      withImport(
        withElement(LIST, text, 'RESOURCES', `${words.camel}Resource`),
        `import { ${words.camel}Resource } from './${words.kebab}.ts'`,
      ),
    [DEFINITION]: (text) => withUnionMember(DEFINITION, text, 'ResourceKind', `'${words.kebab}'`),
    [ENTRY]: (text) => withImport(text, `export * from './resources/${words.kebab}.ts'`),
    // The typed client and the console's sentences have a row per kind; the type checker asks for it.
    [CLIENT]: (text) => withClientRow(text, words),
    [NOUNS]: (text) => withProperty(NOUNS, text, 'NOUNS', `'${words.kebab}': '${words.title.toLowerCase()}'`),
  },
})

function withClientRow(text: string, { kebab, pascal }: Words): string {
  const typed = withInterfaceMember(CLIENT, text, 'SpecOf', `'${kebab}': ${pascal}Spec`)
  const placed = withProperty(CLIENT, typed, 'RESOURCE_PATHS', `'${kebab}': { plural: '${kebab}s' }`)
  return withImport(placed, `import type { ${pascal}Spec } from '@konnect/contract'`)
}

const definition = ({ kebab, camel, pascal, title }: Words) => `import type { Static } from 'typebox'
import { closed, DescriptionSchema, NameSchema, type ResourceDefinition } from './definition.ts'

const ${pascal}Schema = closed({ name: NameSchema, description: DescriptionSchema })
export type ${pascal}Spec = Static<typeof ${pascal}Schema>

/** ${title}: a name and a description, kept per tenant. */
export const ${camel}Resource: ResourceDefinition = {
  kind: '${kebab}',
  plural: '${kebab}s',
  title: '${title}',
  description: 'A name and a description, kept per tenant.',
  idPrefix: '${kebab}',
  scope: 'tenant',
  schema: ${pascal}Schema,
}
`

const proof = ({ kebab, camel }: Words) => `import { describe, expect, it } from 'vitest'
import { validate } from '../validate.ts'
import { RESOURCES } from './list.ts'
import { ${camel}Resource } from './${kebab}.ts'

describe('${kebab}', () => {
  it('is a kind of its own', () => {
    expect(RESOURCES.filter(({ plural }) => plural === ${camel}Resource.plural)).toEqual([${camel}Resource])
  })

  it('needs a name and refuses unknown keys', () => {
    expect(validate(${camel}Resource.schema, { name: 'one' })).toEqual([])
    expect(validate(${camel}Resource.schema, {})).toHaveLength(1)
    expect(validate(${camel}Resource.schema, { name: 'one', nmae: 'two' })).toHaveLength(1)
  })
})
`
