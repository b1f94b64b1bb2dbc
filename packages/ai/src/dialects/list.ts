import type { AiTranslator, DialectEndpoint, DialectId } from '../ports.ts'
import { anthropicMessages } from './anthropic-messages/dialect.ts'
import type { Dialect } from './dialect.ts'
import { openaiChat } from './openai-chat/dialect.ts'

/** Every dialect; a new one joins here and nowhere else. */
export const dialects: readonly Dialect[] = [openaiChat, anthropicMessages]

const byId: ReadonlyMap<string, Dialect> = new Map(dialects.map((dialect) => [dialect.id, dialect]))

/** The dialect of that id. */
export function dialectById(id: DialectId): Dialect {
  const dialect = byId.get(id)
  if (dialect === undefined) throw new RangeError(`There is no dialect "${id}"`)
  return dialect
}

/** Where clients speak which dialect. */
export const endpoints: readonly DialectEndpoint[] = dialects.flatMap((dialect) => dialect.endpoints)

/** The dialect that is spoken at a path (without query), or `undefined` when it is no AI endpoint. */
export const dialectOf = (path: string): DialectId | undefined =>
  endpoints.find((endpoint) => endpoint.path === path)?.dialect

/** Who gets the list of models in which dialect. */
export const modelLists: AiTranslator['modelLists'] = dialects.map(({ id, modelListHeader }) => ({
  dialect: id,
  ...(modelListHeader === undefined ? {} : { header: modelListHeader }),
}))
