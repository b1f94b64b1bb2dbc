/** True when the text is one whole JSON object or list, rather than the beginning of one. */
export function isCompleteJson(text: string): boolean {
  const last = text.trimEnd().at(-1)
  if (last !== '}' && last !== ']') return false
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}
