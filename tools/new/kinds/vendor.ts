import { withElement, withImport } from '../edit-list.ts'
import type { Words } from '../words.ts'
import type { LeafPlanner } from './plan.ts'

const FOLDER = 'packages/vendors/src'
const LIST = `${FOLDER}/index.ts`

/** A vendor that speaks OpenAI's chat format under an address that the operator gives. */
export const planVendor: LeafPlanner = (words) => ({
  files: {
    [`${FOLDER}/${words.kebab}/vendor.ts`]: behaviour(words),
    [`${FOLDER}/${words.kebab}/vendor.test.ts`]: proof(words),
    [`${FOLDER}/${words.kebab}/README.md`]: readme(words),
  },
  edits: {
    [LIST]: (text) =>
      withImport(
        withElement(LIST, text, 'vendors', words.camel),
        `import { ${words.camel} } from './${words.kebab}/vendor.ts'`,
      ),
  },
})

const behaviour = ({ kebab, camel, title }: Words) => `import { bearerTarget } from '@konnect/ai'
import { closed } from '@konnect/contract'
import { defineVendor } from '@konnect/sdk'

/** ${title}, which speaks Chat Completions. */
export const ${camel} = defineVendor({
  id: '${kebab}',
  title: '${title}',
  description: 'Speaks Chat Completions under the base URL of the provider.',
  dialects: ['openai-chat'],
  needsApiKey: true,
  settings: closed({}),
  target: bearerTarget,
})
`

const proof = ({ kebab, camel }: Words) => `import { headerOf } from '@konnect/contract'
import { describe, expect, it } from 'vitest'
import { ${camel} } from './vendor.ts'

const targetWith = (apiKey: string | undefined) =>
  ${camel}.target(
    { baseUrl: 'https://models.example.com/v1', apiKey, headers: ['x-team', 'a'], settings: {} },
    { dialect: 'openai-chat', model: 'large' },
  )

describe('${kebab}', () => {
  it('calls chat completions below the base URL, with the key where the vendor reads it', () => {
    const { url, headers } = targetWith('secret')
    expect(url).toBe('https://models.example.com/v1/chat/completions')
    expect(headerOf(headers, 'authorization')).toBe('Bearer secret')
    expect(headerOf(headers, 'x-team')).toBe('a')
  })

  it('sends no credential when it has none', () => {
    expect(headerOf(targetWith(undefined).headers, 'authorization')).toBeUndefined()
  })
})
`

const readme = ({ kebab, title }: Words) => `# ${title}

Speaks OpenAI's Chat Completions.

\`\`\`yaml
providers:
  - { name: ${kebab}, vendor: ${kebab}, baseUrl: "https://models.example.com/v1", apiKey: "\${env:API_KEY}" }
\`\`\`
`
