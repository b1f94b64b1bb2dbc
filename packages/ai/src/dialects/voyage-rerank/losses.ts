import type { LossTable } from '../../loss.ts'

/** What Voyage's rankings cannot express of other formats. */
export const LOSSES: LossTable = {
  max_tokens_per_doc: 'content',
  max_chunks_per_doc: 'content',
  priority: 'hint',
  user: 'hint',
}
