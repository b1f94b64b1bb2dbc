import { settleEmbeddings } from '../canonical/embedding.ts'
import { settleRanking } from '../canonical/ranking.ts'
import { defined } from '../json/access.ts'
import type { LossTable } from '../loss.ts'
import type { AiOperation, DialectEndpoint, DialectId, ModelList } from '../ports.ts'
import { type TranslatedOperation, translatedOperation } from '../translation/convert-operation.ts'
import { anthropicMessages } from './anthropic-messages/dialect.ts'
import { anthropicTokenCount } from './anthropic-token-count/dialect.ts'
import { bedrockConverse } from './bedrock-converse/dialect.ts'
import { bedrockEmbed } from './bedrock-embed/dialect.ts'
import { bedrockInvoke } from './bedrock-invoke/dialect.ts'
import { bedrockTokenCount } from './bedrock-token-count/dialect.ts'
import { cohereChat } from './cohere-chat/dialect.ts'
import { cohereEmbed } from './cohere-embed/dialect.ts'
import { cohereRerank } from './cohere-rerank/dialect.ts'
import type { Dialect, PassingDialect, VendorDialect } from './dialect.ts'
import { gemini } from './gemini/dialect.ts'
import { geminiBatchEmbed } from './gemini-batch-embed/dialect.ts'
import { geminiEmbed } from './gemini-embed/dialect.ts'
import { geminiLive } from './gemini-live/dialect.ts'
import { geminiTokenCount } from './gemini-token-count/dialect.ts'
import { ollamaChat } from './ollama-chat/dialect.ts'
import { ollamaEmbed } from './ollama-embed/dialect.ts'
import { openaiChat } from './openai-chat/dialect.ts'
import { openaiCompletions } from './openai-completions/dialect.ts'
import { openaiEmbeddings } from './openai-embeddings/dialect.ts'
import { openaiImageEdits } from './openai-image-edits/dialect.ts'
import { openaiImages } from './openai-images/dialect.ts'
import { openaiModerations } from './openai-moderations/dialect.ts'
import { openaiRealtime } from './openai-realtime/dialect.ts'
import { openaiResponses } from './openai-responses/dialect.ts'
import { openaiSpeech } from './openai-speech/dialect.ts'
import { openaiTranscriptions } from './openai-transcriptions/dialect.ts'
import { openaiTranslations } from './openai-translations/dialect.ts'
import { rerank } from './rerank/dialect.ts'
import type { SessionDialect } from './session-dialect.ts'
import { vertexAnthropicTokenCount } from './vertex-anthropic-token-count/dialect.ts'
import { vertexEmbed } from './vertex-embed/dialect.ts'
import { vertexRawPredict } from './vertex-raw-predict/dialect.ts'
import { vertexTokenCount } from './vertex-token-count/dialect.ts'
import { voyageRerank } from './voyage-rerank/dialect.ts'

/** Every chat dialect that clients speak; vendors speak all of them too. A new one joins here and nowhere else. */
export const dialects: readonly Dialect[] = [openaiChat, anthropicMessages, openaiResponses, gemini, openaiCompletions]

const invoke = bedrockInvoke(anthropicMessages)
const rawPredict = vertexRawPredict(anthropicMessages)

/** Every other operation whose dialects are translated. A new one, or a new dialect of one, joins here and nowhere else. */
const operations: readonly TranslatedOperation[] = [
  translatedOperation({
    operation: 'embeddings',
    spoken: [openaiEmbeddings, geminiEmbed, geminiBatchEmbed, cohereEmbed],
    vendorOnly: [ollamaEmbed, vertexEmbed, bedrockEmbed],
    settle: settleEmbeddings,
  }),
  translatedOperation({
    operation: 'rerank',
    spoken: [rerank, cohereRerank],
    vendorOnly: [voyageRerank],
    settle: settleRanking,
  }),
  translatedOperation({
    operation: 'token-count',
    spoken: [anthropicTokenCount(anthropicMessages), geminiTokenCount(gemini)],
    vendorOnly: [bedrockTokenCount(invoke), vertexTokenCount(gemini), vertexAnthropicTokenCount(rawPredict)],
    settle: (answer) => answer,
  }),
]

/** Every dialect of an operation that is not translated. A new one joins here and nowhere else. */
const passing: readonly PassingDialect[] = [
  openaiImages,
  openaiImageEdits,
  openaiSpeech,
  openaiTranscriptions,
  openaiTranslations,
  openaiModerations,
]

/** Every dialect of sessions. A new one joins here and nowhere else. */
const sessions: readonly SessionDialect[] = [openaiRealtime, geminiLive(gemini)]

/** Every chat dialect that only vendors speak. A new one joins here and nowhere else. */
const vendorOnly: readonly VendorDialect[] = [cohereChat, ollamaChat, bedrockConverse, invoke, rawPredict]

/** Every chat dialect that vendors speak. */
export const vendorDialects: readonly VendorDialect[] = [...dialects, ...vendorOnly]

const spoken: readonly PassingDialect[] = [...dialects, ...operations.flatMap((each) => each.spoken), ...passing]

const byId: ReadonlyMap<DialectId, Dialect> = new Map(dialects.map((dialect) => [dialect.id, dialect]))
const spokenById: ReadonlyMap<DialectId, PassingDialect> = new Map(spoken.map((each) => [each.id, each]))
const vendorById: ReadonlyMap<DialectId, VendorDialect> = new Map(vendorDialects.map((each) => [each.id, each]))

const sessionById: ReadonlyMap<DialectId, SessionDialect> = new Map(sessions.map((each) => [each.id, each]))

/** The chat dialect of that id, which clients speak. */
export const dialectById = (id: DialectId): Dialect => existing(byId, id)

/** The dialect of that id, of whatever operation, which clients speak. */
export const spokenDialectById = (id: DialectId): PassingDialect => existing(spokenById, id)

/** The dialect of sessions of that id. */
export const sessionDialectById = (id: DialectId): SessionDialect => existing(sessionById, id)

/** Whatever clients speak under that id. */
export const endpointDialectById = (id: DialectId): PassingDialect | SessionDialect =>
  sessionById.get(id) ?? spokenDialectById(id)

/** The chat dialect of that id, which vendors speak. */
export const vendorDialectById = (id: DialectId): VendorDialect => existing(vendorById, id)

function existing<T>(all: ReadonlyMap<DialectId, T>, id: DialectId): T {
  const dialect = all.get(id)
  if (dialect === undefined) throw new RangeError(`There is no dialect "${id}"`)
  return dialect
}

/** Ids of all dialects that vendors speak. */
export const vendorDialectIds: readonly DialectId[] = [
  ...vendorDialects,
  ...operations.flatMap((each) => [...each.spoken, ...each.vendorOnly]),
  ...passing,
  ...sessions,
].map(({ id }) => id)

/** Whether a request in one dialect can be answered by a vendor that speaks another. */
export const canTranslate = (client: DialectId, vendor: DialectId): boolean =>
  client === vendor
    ? spokenById.has(client) || sessionById.has(client)
    : (byId.has(client) && vendorById.has(vendor)) || operationOf(client, vendor) !== undefined

/** The operation of which both are dialects, or `undefined` when it is chat or there is none. */
export const operationOf = (client: DialectId, vendor: DialectId): TranslatedOperation | undefined =>
  operations.find(({ translates }) => translates(client, vendor))

/** How bytes of the dialect `client` pass to a vendor that speaks `vendor`; `undefined` when they have to be translated. */
export function carrierOf(client: DialectId, vendor: DialectId): PassingDialect | undefined {
  if (client === vendor) return spokenDialectById(client)
  const carried = vendorById.get(vendor)?.carries
  return carried?.id === client ? carried : undefined
}

/** What anyone may know of a wire format. */
export interface FormatDescription {
  readonly id: DialectId
  readonly operation: AiOperation
  /** Empty for formats that only vendors speak. */
  readonly endpoints: readonly DialectEndpoint[]
}

/** Every wire format, those of clients first. */
export const formats: readonly FormatDescription[] = [
  ...[...spoken, ...sessions].map(({ id, operation, endpoints: own }) => ({ id, operation, endpoints: own })),
  ...vendorOnly.map(({ id }) => ({ id, operation: 'chat' as const, endpoints: [] })),
  ...operations.flatMap(({ operation, vendorOnly: own }) => own.map(({ id }) => ({ id, operation, endpoints: [] }))),
]

/** What each dialect, as a target, cannot express. */
export const lossTables: ReadonlyMap<DialectId, LossTable> = new Map(
  [...vendorDialects, ...operations.flatMap((each) => [...each.spoken, ...each.vendorOnly])].map(({ id, losses }) => [
    id,
    losses,
  ]),
)

/** Where clients speak which dialect. */
export const endpoints: readonly DialectEndpoint[] = [...spoken, ...sessions].flatMap(
  (dialect: PassingDialect | SessionDialect) => dialect.endpoints,
)

/** The dialect that is spoken at a path (without query), or `undefined` when it is no AI endpoint. */
export const dialectOf = (path: string): DialectId | undefined => endpointAt(path)?.dialect

const endpointAt = (path: string): DialectEndpoint | undefined => {
  const found = endpoints.find(({ match, path: own }) => (match === 'prefix' ? path.startsWith(own) : path === own))
  return found && (withAction(found.path, path) ?? found)
}

// Those that share a prefix with another are told from it by the action.
const actions = endpoints.filter(({ action }) => action !== undefined)
const withAction = (prefix: string, path: string): DialectEndpoint | undefined =>
  actions.find(({ path: own, action }) => own === prefix && path.endsWith(`:${action}`))

const prefixOf: ReadonlyMap<DialectId, string> = new Map(
  endpoints.filter(({ match }) => match === 'prefix').map(({ dialect, path }) => [dialect, path]),
)

/** The dialect of a request at `path` (without query) that was found to be of `dialect` by the prefix alone. */
export function dialectAt(dialect: DialectId, path: string): DialectId {
  const prefix = prefixOf.get(dialect)
  return (prefix === undefined ? undefined : withAction(prefix, path)?.dialect) ?? dialect
}

/** Who gets the list of models in which dialect. */
export const modelLists: readonly ModelList[] = dialects.flatMap(listsOf)

function listsOf({ id, modelsOut, modelListHeader, modelListPath, endpoints: [endpoint] }: Dialect): ModelList[] {
  if (modelsOut === undefined) return []
  const list = { dialect: id, ...defined({ keyInQuery: endpoint?.keyInQuery }) }
  const common = { ...list, ...defined({ header: modelListHeader }) }
  return modelListPath === undefined ? [common] : [common, { ...list, path: modelListPath }]
}
