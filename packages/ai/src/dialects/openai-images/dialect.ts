import { jsonOperation } from '../../openai/operation.ts'

/** OpenAI image generation, whole or streamed. */
export const openaiImages = jsonOperation({ id: 'openai-images', operation: 'image', path: '/images/generations' })
