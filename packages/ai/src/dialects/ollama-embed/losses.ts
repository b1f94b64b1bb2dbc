import type { LossTable } from '../../loss.ts'

/** What Ollama's embeddings cannot express of other formats. */
export const LOSSES: LossTable = { input_type: 'hint', title: 'hint', truncate: 'content', user: 'hint' }
