import type { LossTable } from '../../loss.ts'

/** What Cohere's embeddings cannot express of other formats. */
export const LOSSES: LossTable = { input_type: 'content', dimensions: 'content', title: 'hint', user: 'hint' }
