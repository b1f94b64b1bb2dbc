export { readAnswerFacts } from './answer-facts.ts'
export { answerText } from './answer-text.ts'
export { maskSecrets } from './canonical/error.ts'
export { FINISH_REASONS } from './canonical/finish.ts'
export {
  dialectOf,
  endpoints,
  type FormatDescription,
  formats,
  lossTables,
  vendorDialectIds,
} from './dialects/list.ts'
export { endUserOf } from './end-user.ts'
export { type Edit, splice } from './json/splice.ts'
export type { LossTable, LossWeight } from './loss.ts'
export * from './ports.ts'
export { listCatalogModels } from './price/catalog.ts'
export { type Cost, costOf, createPricer, type Pricer, percentOfUsd, sumUsd } from './price/pricer.ts'
export { measureContent, type RequestContent } from './request-content.ts'
export { createTranslator } from './translator.ts'
export { type AccessToken, requestAccessToken, type TokenRequest } from './vendor-kit/access-token.ts'
export { bearerModels, publicModels } from './vendor-kit/bearer-models.ts'
export { bearerStorage } from './vendor-kit/bearer-storage.ts'
export {
  type BearerConnection,
  bearerHeaders,
  bearerTarget,
  dialectPath,
  withOperatorFields,
} from './vendor-kit/bearer-target.ts'
export { readVendorModels } from './vendor-kit/vendor-models.ts'
