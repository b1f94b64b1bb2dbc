import { jsonOperation } from '../../openai/operation.ts'

/** OpenAI embeddings, the format that nearly every vendor of embeddings follows. */
export const openaiEmbeddings = jsonOperation({ id: 'openai-embeddings', operation: 'embeddings', path: '/embeddings' })
