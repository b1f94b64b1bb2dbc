import { type DialectId, type Edit, type StreamTranslation, splice, type Translation } from '@konnect/ai'
import type { ActiveExchange } from '../exchange/active-exchange.ts'
import type { Deployment, DeploymentAddress, DeploymentKey, ModelPlan } from '../plan/ai-plan.ts'
import { compilePlaces, findStrings, type Places } from './id-places.ts'
import { tagOf } from './public-id.ts'
import { tagOfKey } from './stores.ts'

/** Where answers hold ids of the vendor's, inside of a response and beside it. */
export type AnswerIdKind = 'file' | 'response'

/** Gives the public id for a vendor's. */
export type Mint = (kind: AnswerIdKind, id: string) => string

const OF_RESPONSE: Readonly<Record<string, AnswerIdKind>> = {
  id: 'response',
  previous_response_id: 'response',
  'output.*.content.*.annotations.*.file_id': 'file',
  'output.*.results.*.file_id': 'file',
  'tools.*.container.file_ids.*': 'file',
  'tools.*.input_image_mask.file_id': 'file',
}

const RESPONSE = compilePlaces(OF_RESPONSE)

const EVENT = compilePlaces<AnswerIdKind>({
  ...Object.fromEntries(Object.entries(OF_RESPONSE).map(([path, kind]) => [`response.${path}`, kind])),
  'annotation.file_id': 'file',
  'part.annotations.*.file_id': 'file',
  'item.content.*.annotations.*.file_id': 'file',
  'item.results.*.file_id': 'file',
})

/** Items that went into a response, as `GET /v1/responses/{id}/input_items` lists them. */
export const INPUT_ITEMS = compilePlaces<AnswerIdKind>({
  'data.*.content.*.file_id': 'file',
  'data.*.content.*.annotations.*.file_id': 'file',
  'data.*.output.*.file_id': 'file',
  'data.*.output.file_id': 'file',
  'data.*.results.*.file_id': 'file',
})

/** A whole response with public ids. */
export const pinnedResponse = (bytes: Buffer, mint: Mint, places: Places<AnswerIdKind> = RESPONSE): Buffer =>
  splice(bytes, editsIn(bytes, { start: 0, end: bytes.length }, { places, mint }))

function editsIn(
  bytes: Buffer,
  range: { readonly start: number; readonly end: number },
  { places, mint }: { readonly places: Places<AnswerIdKind>; readonly mint: Mint },
): Edit[] {
  return findStrings(bytes, places, range).map(({ kind, value, start, end }) => ({
    start,
    end,
    text: JSON.stringify(mint(kind, value)),
  }))
}

const TOKENS = ['"response"', '"file_id"', '"file_ids"'].map((text) => Buffer.from(text))
const DATA = Buffer.from('data:')
const NEWLINE = 10

/** Whole server-sent events with public ids; the very same bytes where there are none. */
export function pinnedEvents(bytes: Buffer, mint: Mint): Buffer {
  if (!TOKENS.some((token) => bytes.includes(token))) return bytes
  const edits: Edit[] = []
  for (let start = 0; start < bytes.length; ) {
    const newline = bytes.indexOf(NEWLINE, start)
    const end = newline === -1 ? bytes.length : newline
    if (bytes.subarray(start, start + DATA.length).equals(DATA)) {
      edits.push(...editsIn(bytes, { start: start + DATA.length, end }, { places: EVENT, mint }))
    }
    start = end + 1
  }
  return splice(bytes, edits)
}

/** The attempt whose answer is looked at. */
export interface AnsweredBy {
  readonly client: DialectId
  readonly deployment: Deployment
  readonly address: DeploymentAddress
  readonly key: DeploymentKey | undefined
  readonly model: ModelPlan | undefined
}

const RESPONSES: DialectId = 'openai-responses'

/** A translation whose answers lead back to the provider that gave them, where that is one that passes responses on. */
export function pinnedTranslation(translation: Translation, exchange: ActiveExchange, by: AnsweredBy): Translation {
  if (by.client !== RESPONSES || by.address.dialect !== RESPONSES) return translation
  const mint = mintFor(exchange, by)
  if (mint === undefined) return translation
  return {
    ...translation,
    response(status, headers, body) {
      const { answer, facts } = translation.response(status, headers, body)
      if (status >= 400) return { answer, facts }
      return { answer: { ...answer, body: pinnedResponse(bufferOf(answer.body), mint) }, facts }
    },
    stream: () => pinnedStream(translation.stream(), mint),
  }
}

/** What comes out of the stream underneath are whole events, however they came in. */
function pinnedStream(stream: StreamTranslation, mint: Mint): StreamTranslation {
  return {
    ...(stream.breaksOff === undefined ? {} : { breaksOff: stream.breaksOff }),
    get facts() {
      return stream.facts
    },
    write: (chunk) => pinnedEvents(bufferOf(stream.write(chunk)), mint),
    end: () => pinnedEvents(bufferOf(stream.end()), mint),
    fail: (error) => stream.fail(error),
  }
}

function mintFor({ plan, principal }: ActiveExchange, { deployment, key, model }: AnsweredBy): Mint | undefined {
  if (plan === undefined || principal === undefined) return undefined
  const minted = new Map<string, string>()
  const place = { provider: tagOf(deployment.providerId), key: tagOfKey(key?.name), model: tagOf(model?.id ?? '') }
  return (kind, id) => {
    const known = minted.get(id)
    if (known !== undefined) return known
    const text = plan.pinned.ids.mint(principal, { ...place, kind, id, batch: '' })
    minted.set(id, text)
    return text
  }
}

const bufferOf = (bytes: Uint8Array): Buffer =>
  Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
