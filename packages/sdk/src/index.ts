export * from './exchange.ts'
export * from './policy.ts'
export * from './vendor.ts'
