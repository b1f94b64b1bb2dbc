import type { ChatResponse } from './response.ts'

/** How an answer that tells where its text comes from is marked; others are not. */
export const markCited = (isCited: boolean): Pick<ChatResponse, 'hasCitations'> =>
  isCited ? { hasCitations: true } : {}
