import { formOperation } from '../../openai/operation.ts'

/** OpenAI image edits: a form with one or more images. */
export const openaiImageEdits = formOperation({ id: 'openai-image-edits', operation: 'image', path: '/images/edits' })
