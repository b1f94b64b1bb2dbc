import type { EmbeddingTask } from '../canonical/embedding.ts'

const NAMES: Readonly<Record<EmbeddingTask, string>> = {
  query: 'RETRIEVAL_QUERY',
  document: 'RETRIEVAL_DOCUMENT',
  similarity: 'SEMANTIC_SIMILARITY',
  classification: 'CLASSIFICATION',
  clustering: 'CLUSTERING',
  question_answering: 'QUESTION_ANSWERING',
  fact_verification: 'FACT_VERIFICATION',
  code_query: 'CODE_RETRIEVAL_QUERY',
}
const READ = new Map<unknown, EmbeddingTask>(Object.entries(NAMES).map(([task, name]) => [name, task as EmbeddingTask]))

/** What Google's APIs call a task. */
export const taskName = (task: EmbeddingTask): string => NAMES[task]

/** The task of that name, or `undefined` when there is none. */
export const taskOf = (name: unknown): EmbeddingTask | undefined => READ.get(name)
