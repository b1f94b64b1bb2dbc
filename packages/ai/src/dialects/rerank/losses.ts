import type { LossTable } from '../../loss.ts'

/** What the common form of rankings cannot express of other formats. */
export const LOSSES: LossTable = {
  max_tokens_per_doc: 'content',
  truncation: 'content',
  priority: 'hint',
  user: 'hint',
}
