import type { FormatDescription, LossTable } from '@konnect/ai'
import type { Vendor } from '@konnect/sdk'
import { table } from './schema-table.ts'

/** The reference page of the AI wire formats: where clients speak them, who answers in them, what gets lost between them. */
export function aiFormatsPage(
  formats: readonly FormatDescription[],
  losses: ReadonlyMap<string, LossTable>,
  vendors: readonly Vendor[],
): string {
  return `# AI formats

An application keeps the format that it speaks; a model answers from whichever vendor the operator chose. Formats of chat are
translated into each other, and so are those of embeddings, of rankings and of token counts. Where client and vendor speak the same
one, bytes pass, and only the model's name is replaced. Images, speech, transcription, moderation and
[sessions](../guides/realtime-sessions.md), which stay open, pass only: a model serves them when one of its providers speaks the
same format.

## Where clients speak them

Official SDKs work by changing base URL and key. Programs that speak to Gemini's API without one may send the key as \`?key=\`; it
leaves the address before anything else sees it. A stream there is one JSON array, as at Google, unless \`alt=sse\` asks for
server-sent events.

Tokens are counted by the vendor that would answer, in whichever words the client asks; it costs nothing. Where the vendor of a
model counts none, the answer is the error \`unsupported_feature\`: a guess would look like a count.

${table(
  ['Format', 'For', 'Endpoint', 'Vendors that speak it'],
  formats.map((format) => formatRow(format, vendors)),
)}

## What gets lost

A name in this table is what a client asked for and a vendor of that format cannot express. **content**: the answer may differ, so a
model with \`strategy.strict\` refuses the request. **hint**: only cost, speed or book-keeping change. What was left out is listed in
the response field \`x-konnect-dropped\` and in the Call. A field that stands nowhere here counts as content.

Images that a model draws and sound that it speaks go along in answers: as inline data to clients of \`gemini\`, as \`images\` and
\`audio\` of the message to those of \`openai-chat\`; images also as \`image_generation_call\` to those of \`openai-responses\`.
Elsewhere there is no place for them: the rest of the answer comes, and \`answer.image\` or \`answer.speech\` is listed as left out,
for streams in the Call alone, since their head has gone out by then. So is \`answer.citations\` where a vendor says which sources
the text comes from (citations of Cohere, Anthropic and Bedrock, annotations of OpenAI, grounding of Gemini): clients of another
format get the text without them.

${lossSections(losses, formats)}
`
}

function formatRow({ id, operation, endpoints }: FormatDescription, vendors: readonly Vendor[]): string[] {
  const paths = endpoints.map(({ method, path, match, action }) => {
    const rest = match === 'prefix' ? `…${action === undefined ? '' : `:${action}`}` : ''
    return `\`${method} ${path}${rest}\``
  })
  const speakers = vendors.filter(({ dialects }) => dialects.includes(id)).map((vendor) => vendor.id)
  return [`\`${id}\``, operation, paths.join('<br>') || 'vendors only', speakersText(speakers)]
}

const MANY = 8

const speakersText = (ids: readonly string[]): string =>
  ids.length > MANY ? `${ids.slice(0, MANY).join(', ')} and ${ids.length - MANY} more` : ids.join(', ') || 'none yet'

/** A table for each operation, in the order of its formats. */
function lossSections(losses: ReadonlyMap<string, LossTable>, formats: readonly FormatDescription[]): string {
  const operations = [...new Set(formats.map(({ operation }) => operation))]
  const sections = operations.flatMap((operation) => {
    const ids = [...losses.keys()].filter((id) => formats.some((one) => one.id === id && one.operation === operation))
    return ids.length === 0 ? [] : [`### ${operation}\n\n${lossTable(losses, ids)}`]
  })
  return sections.join('\n\n')
}

function lossTable(losses: ReadonlyMap<string, LossTable>, ids: readonly string[]): string {
  const names = [...new Set(ids.flatMap((id) => Object.keys(losses.get(id) ?? {})))].sort()
  const rows = names.map((name) => [`\`${name}\``, ...ids.map((id) => losses.get(id)?.[name] ?? '')])
  return table(['Asked for', ...ids], rows)
}
