import type { LossTable } from '../loss.ts'
import type { AiTranslator, DialectEndpoint, DialectId } from '../ports.ts'
import { anthropicMessages } from './anthropic-messages/dialect.ts'
import type { Dialect, VendorDialect } from './dialect.ts'
import { openaiChat } from './openai-chat/dialect.ts'

/** Every dialect that clients speak; vendors speak all of them too. A new one joins here and nowhere else. */
export const dialects: readonly Dialect[] = [openaiChat, anthropicMessages]

/** Every dialect that only vendors speak. A new one joins here and nowhere else. */
const vendorOnly: readonly VendorDialect[] = []

/** Every dialect that vendors speak. */
export const vendorDialects: readonly VendorDialect[] = [...dialects, ...vendorOnly]

const byId: ReadonlyMap<DialectId, Dialect> = new Map(dialects.map((dialect) => [dialect.id, dialect]))
const vendorById: ReadonlyMap<DialectId, VendorDialect> = new Map(vendorDialects.map((each) => [each.id, each]))

/** The dialect of that id, which clients speak. */
export const dialectById = (id: DialectId): Dialect => existing(byId, id)

/** The dialect of that id, which vendors speak. */
export const vendorDialectById = (id: DialectId): VendorDialect => existing(vendorById, id)

function existing<T>(all: ReadonlyMap<DialectId, T>, id: DialectId): T {
  const dialect = all.get(id)
  if (dialect === undefined) throw new RangeError(`There is no dialect "${id}"`)
  return dialect
}

/** Ids of all dialects that vendors speak. */
export const vendorDialectIds: readonly DialectId[] = vendorDialects.map(({ id }) => id)

/** What each dialect, as a target, cannot express. */
export const lossTables: ReadonlyMap<DialectId, LossTable> = new Map(
  vendorDialects.map(({ id, losses }) => [id, losses]),
)

/** Where clients speak which dialect. */
export const endpoints: readonly DialectEndpoint[] = dialects.flatMap((dialect) => dialect.endpoints)

/** The dialect that is spoken at a path (without query), or `undefined` when it is no AI endpoint. */
export const dialectOf = (path: string): DialectId | undefined =>
  endpoints.find(({ match, path: own }) => (match === 'prefix' ? path.startsWith(own) : path === own))?.dialect

/** Who gets the list of models in which dialect. */
export const modelLists: AiTranslator['modelLists'] = dialects.map(({ id, modelListHeader }) => ({
  dialect: id,
  ...(modelListHeader === undefined ? {} : { header: modelListHeader }),
}))
