import { isDeepStrictEqual } from 'node:util'
import { type CheckedConnection, type JsonObject, type ProviderSpec, SECRET_MASK } from '@konnect/contract'
import { validationFailed } from '../resources/configuration.ts'

/** A connection with one of a provider's keys. */
export interface KeyedConnection {
  /** Null for the only key of a provider, and for none. */
  readonly key: string | null
  readonly connection: CheckedConnection
}

/** What `apiKey` is called where there is a pool beside it. */
const DEFAULT_KEY_NAME = 'default'

/** One connection for each enabled key; at least one. `spec` holds its secrets in plain text. */
export function connectionsOf(spec: ProviderSpec, model: string | undefined): readonly KeyedConnection[] {
  const { vendor, baseUrl, headers = {}, settings = {}, apiKey, apiKeys } = spec
  const keyed = (key: string | null, value: string | undefined): KeyedConnection => ({
    key,
    connection: { vendor, baseUrl, headers, settings: settings as JsonObject, apiKey: value, model },
  })
  if (apiKeys === undefined) return [keyed(null, apiKey)]
  const own = apiKey === undefined ? [] : [keyed(DEFAULT_KEY_NAME, apiKey)]
  const pooled = apiKeys.filter(({ enabled }) => enabled !== false).map(({ name, value }) => keyed(name, value))
  const all = [...own, ...pooled]
  if (all.length > 0) return all
  throw validationFailed([{ path: '/spec/apiKeys', message: 'Every key is disabled, so there is none to check with.' }])
}

/** What decides where a request with a stored key goes. */
const PLACE = ['vendor', 'baseUrl', 'settings'] as const

/**
 * A stored key goes nowhere but where it is stored for: a spec that leaves keys as they are may not move them to another
 * address. Throws `validation_failed`.
 */
export function demandSamePlace(spec: JsonObject, stored: JsonObject | undefined): void {
  if (!JSON.stringify(spec).includes(`"${SECRET_MASK}"`)) return
  const moved = PLACE.find((field) => !isDeepStrictEqual(spec[field], stored?.[field]))
  if (moved === undefined) return
  const message =
    'To check a provider at another place, enter its keys again: a stored one is only sent where it is used.'
  throw validationFailed([{ path: `/spec/${moved}`, message }])
}
