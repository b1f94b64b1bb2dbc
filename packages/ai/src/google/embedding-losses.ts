import type { LossTable } from '../loss.ts'

/** What Google's embeddings cannot express of other formats. */
export const LOSSES: LossTable = { truncate: 'content', user: 'hint' }
