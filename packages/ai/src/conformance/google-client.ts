import { type Content, type GenerateContentResponse, GoogleGenAI, type PartialArg } from '@google/genai'
import type { Seen } from './official-clients.ts'
import { CONTENTS, type Scenario } from './scenarios.ts'

/** Everything that Google's official client gets from `url`, answer by answer. Rejects as that client does. */
export async function contentsFrom(
  url: string,
  isStream: boolean,
  scenario: Scenario = 'text',
): Promise<GenerateContentResponse[]> {
  const request = { model: 'public', ...CONTENTS[scenario] }
  const { models } = new GoogleGenAI({ apiKey: 'key', httpOptions: { baseUrl: url, timeout: 5000 } })
  if (!isStream) return [await models.generateContent(request)]
  const chunks: GenerateContentResponse[] = []
  for await (const chunk of await models.generateContentStream(request)) chunks.push(chunk)
  return chunks
}

/** Asks `url` with Google's official client. Rejects as that client does. */
export async function askContents(url: string, isStream: boolean, scenario: Scenario): Promise<Seen> {
  const chunks = await contentsFrom(url, isStream, scenario)
  const parts = chunks.flatMap((chunk) => partsOf(chunk.candidates?.[0]?.content))
  return {
    text: parts.map((part) => (part.thought ? '' : (part.text ?? ''))).join(''),
    reasoning: parts.map((part) => (part.thought ? (part.text ?? '') : '')).join(''),
    tools: callsIn(parts),
  }
}

const partsOf = (content: Content | undefined) => content?.parts ?? []

// The client hands on pieces of arguments as they come.
function callsIn(parts: ReturnType<typeof partsOf>): Seen['tools'] {
  const calls: [name: string, input: { [key: string]: unknown }][] = []
  for (const { functionCall: call } of parts) {
    if (call?.name !== undefined) calls.push([call.name, { ...call.args }])
    const input = calls.at(-1)?.[1]
    if (input) for (const piece of call?.partialArgs ?? []) place(input, piece)
  }
  return calls
}

function place(input: { [key: string]: unknown }, { jsonPath = '', stringValue, numberValue, boolValue }: PartialArg) {
  const steps = jsonPath
    .replace(/\[(\d+)\]/g, '.$1')
    .split('.')
    .slice(1)
  const last = steps.pop() ?? ''
  let at = input
  steps.forEach((step, index) => {
    at[step] ??= /^\d+$/.test(steps[index + 1] ?? last) ? [] : {}
    at = at[step] as typeof input
  })
  const before = at[last]
  const value = stringValue ?? numberValue ?? boolValue ?? null
  at[last] = typeof before === 'string' && typeof value === 'string' ? before + value : value
}
