export { type ClientOptions, type ConfigInput, type ControlClient, createClient, type SetupInput } from './client.ts'
export { ControlApiError } from './error.ts'
export type {
  DryRun,
  ListQuery,
  MergePatch,
  ResourceClient,
  ResourcePlace,
  SpecOf,
  TypedResource,
  WriteOptions,
} from './resources.ts'
