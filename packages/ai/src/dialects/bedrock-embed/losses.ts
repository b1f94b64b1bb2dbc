import type { LossTable } from '../../loss.ts'

/** What the embedding models on Bedrock cannot express of other formats. */
export const LOSSES: LossTable = {
  input_type: 'content',
  dimensions: 'content',
  truncate: 'content',
  title: 'hint',
  user: 'hint',
}
