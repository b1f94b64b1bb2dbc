import type { LossTable } from '../../loss.ts'

/** What OpenAI embeddings cannot express of other formats. The models behind it embed the same text alike for every task. */
export const LOSSES: LossTable = { input_type: 'hint', title: 'hint', truncate: 'content' }
