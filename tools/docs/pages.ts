import { formats, lossTables } from '@konnect/ai'
import { ERRORS, RESOURCES } from '@konnect/contract'
import { policies } from '@konnect/policies'
import { vendors } from '@konnect/vendors'
import { FLAGS } from '../../apps/konnect/src/cli/flags.ts'
import { COMMANDS } from '../../apps/konnect/src/commands/list.ts'
import { aiFormatsPage } from './ai-formats-page.ts'
import { cliPage } from './cli-page.ts'
import { configPage } from './config-page.ts'
import { errorsPage } from './errors-page.ts'
import { policiesPage } from './policies-page.ts'
import { vendorsPage } from './vendors-page.ts'

/** Reference pages that follow from definitions: path in the project, and its text. */
export const PAGES: readonly { readonly path: string; readonly render: () => string }[] = [
  { path: 'docs/reference/ai-formats.md', render: () => aiFormatsPage(formats, lossTables, vendors) },
  { path: 'docs/reference/cli.md', render: () => cliPage(FLAGS, COMMANDS) },
  { path: 'docs/reference/config.md', render: () => configPage(RESOURCES) },
  { path: 'docs/reference/errors.md', render: () => errorsPage(ERRORS) },
  { path: 'docs/reference/policies.md', render: () => policiesPage(policies) },
  { path: 'docs/reference/vendors.md', render: () => vendorsPage(vendors) },
]
