import type { DialectId } from '@konnect/ai'
import type { Place, StoredKind } from '@konnect/sdk'
import type { RouterEntry } from '../match/route.ts'
import type { Pipeline } from '../plan/pipeline.ts'
import type { PinKind } from './public-id.ts'

/** What is done to a collection or to one object of it. */
export type StoreAction =
  | 'upload'
  | 'create'
  | 'list'
  | 'read'
  | 'delete'
  | 'cancel'
  | 'content'
  | 'input-items'
  | 'results'

/** An address at which clients find objects that vendors keep for them. */
export interface StoredEndpoint {
  readonly kind: StoredKind
  readonly action: StoreAction
  readonly method: 'GET' | 'POST' | 'DELETE'
  /** Of the collection. */
  readonly collection: string
  /** What follows the id; undefined where there is none. */
  readonly suffix: string | undefined
}

/** A built-in endpoint for stored objects: the id, or else the model, decides where they are. */
export interface StoredRoute {
  readonly kind: 'stored'
  readonly place: Place
  /** In which errors are told. */
  readonly dialect: DialectId
  readonly early: Pipeline
  readonly endpoint: StoredEndpoint
}

/** What the ids of a kind may name, the one that new ones name first. */
export const PINS_OF: Readonly<Record<StoredKind, readonly PinKind[]>> = {
  files: ['file', 'batch-input', 'batch-output'],
  batches: ['batch'],
  responses: ['response'],
  'message-batches': ['message-batch'],
}

const COLLECTIONS: Readonly<Record<StoredKind, { readonly path: string; readonly dialect: DialectId }>> = {
  files: { path: '/v1/files', dialect: 'openai-chat' },
  batches: { path: '/v1/batches', dialect: 'openai-chat' },
  responses: { path: '/v1/responses', dialect: 'openai-responses' },
  'message-batches': { path: '/v1/messages/batches', dialect: 'anthropic-messages' },
}

const one = (method: StoredEndpoint['method'], action: StoreAction, suffix = '') => ({ method, action, suffix })
const all = (method: StoredEndpoint['method'], action: StoreAction) => ({ method, action, suffix: undefined })

const ACTIONS: Readonly<Record<StoredKind, readonly Pick<StoredEndpoint, 'method' | 'action' | 'suffix'>[]>> = {
  files: [
    all('POST', 'upload'),
    all('GET', 'list'),
    one('GET', 'read'),
    one('DELETE', 'delete'),
    one('GET', 'content', '/content'),
  ],
  batches: [all('POST', 'create'), all('GET', 'list'), one('GET', 'read'), one('POST', 'cancel', '/cancel')],
  responses: [
    one('GET', 'read'),
    one('DELETE', 'delete'),
    one('POST', 'cancel', '/cancel'),
    one('GET', 'input-items', '/input_items'),
  ],
  'message-batches': [
    all('POST', 'create'),
    all('GET', 'list'),
    one('GET', 'read'),
    one('DELETE', 'delete'),
    one('POST', 'cancel', '/cancel'),
    one('GET', 'results', '/results'),
  ],
}

/** Routes to everything that vendors keep for clients. */
export function storedRoutes(early: Pipeline): RouterEntry<StoredRoute>[] {
  return (Object.keys(COLLECTIONS) as StoredKind[]).flatMap((kind) => {
    const { path: collection, dialect } = COLLECTIONS[kind]
    return ACTIONS[kind].map(({ method, action, suffix }) => {
      const path = suffix === undefined ? collection : `${collection}/{id}${suffix}`
      const place = { tenantId: '', apiId: null, api: null, routeId: `ai:${path}`, route: path }
      const endpoint = { kind, action, method, collection, suffix }
      return {
        paths: [path],
        match: 'exact',
        methods: [method],
        value: { kind: 'stored', place, dialect, early, endpoint },
      }
    })
  })
}

/** The id in a path, as it stands there. */
export const idIn = (path: string, { collection }: StoredEndpoint): string =>
  path.slice(collection.length + 1).split('/', 1)[0] ?? ''
