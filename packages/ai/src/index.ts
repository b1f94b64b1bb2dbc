export { FINISH_REASONS } from './canonical/finish.ts'
export {
  dialectOf,
  endpoints,
  type FormatDescription,
  formats,
  lossTables,
  vendorDialectIds,
} from './dialects/list.ts'
export type { LossTable, LossWeight } from './loss.ts'
export * from './ports.ts'
export { listCatalogModels } from './price/catalog.ts'
export { type Cost, costOf, createPricer, type Pricer } from './price/pricer.ts'
export { createTranslator } from './translator.ts'
export {
  type BearerConnection,
  bearerHeaders,
  bearerTarget,
  dialectPath,
  withOperatorFields,
} from './vendor-kit/bearer-target.ts'
