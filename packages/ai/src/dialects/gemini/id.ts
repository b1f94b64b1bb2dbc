/** Id of this dialect. */
export const GEMINI = 'gemini'
