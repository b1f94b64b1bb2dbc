import type { LossTable } from '../../loss.ts'

/** What version 2 of Cohere's rankings cannot express of other formats. */
export const LOSSES: LossTable = { truncation: 'content', max_chunks_per_doc: 'content', user: 'hint' }
