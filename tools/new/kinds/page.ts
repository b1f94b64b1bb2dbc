import { withElement } from '../edit-list.ts'
import type { Words } from '../words.ts'
import type { LeafPlanner } from './plan.ts'

const FOLDER = 'apps/web/src/console/pages'
const LIST = `${FOLDER}/list.ts`

/** A page of the console. Give its entry a `group` and an `icon`, and it stands in the navigation. */
export const planPage: LeafPlanner = (words) => ({
  files: { [`${FOLDER}/${words.kebab}/${words.kebab}-page.tsx`]: page(words) },
  edits: { [LIST]: (text) => withElement(LIST, text, 'PAGES', entry(words)) },
})

const entry = ({ kebab, pascal, title }: Words) =>
  `{ path: '/${kebab}', title: '${title}', access: 'user', component: lazy(() => import('./${kebab}/${kebab}-page.tsx'), '${pascal}Page') }`

const page = ({ pascal, title }: Words) => `import { PageHeader } from '../../ui/page-header.tsx'

/** ${title}, in one sentence. */
export function ${pascal}Page() {
  return <PageHeader title="${title}">What this page is for.</PageHeader>
}
`
