import {
  type Change,
  GatewayError,
  type SnapshotDetail,
  type SnapshotRow,
  type SnapshotSummary,
  type Store,
} from '@konnect/contract'
import { Type } from 'typebox'
import { changesOf, differencesBetween } from '../resources/changes.ts'
import { type Authored, type Configuration, type Draft, realChanges } from '../resources/configuration.ts'
import { ResourceTree } from '../resources/tree.ts'
import { actorOf } from '../server/access.ts'
import type { App } from '../server/app.ts'
import { answers, pageOf, ref } from '../server/openapi.ts'
import { declarativeDocument, treeOf } from './document.ts'

const VersionParams = Type.Object({ version: Type.Integer({ minimum: 1 }) })
const PageQuery = Type.Object(
  {
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000 })),
    cursor: Type.Optional(Type.String({ maxLength: 2048 })),
  },
  { additionalProperties: false },
)
const DiffQuery = Type.Object(
  { against: Type.Optional(Type.Integer({ minimum: 0, description: 'Default: the version before; 0 is nothing.' })) },
  { additionalProperties: false },
)
const PublishBody = Type.Object(
  { note: Type.Optional(Type.String({ maxLength: 1000 })) },
  { additionalProperties: false },
)
const Changes = { type: 'object', properties: { changes: { type: 'array', items: ref('Change') } } }

/** Routes for Snapshots: history, differences, publish, rollback. */
export function snapshotRoutes(app: App, store: Store, configuration: Configuration): void {
  readRoutes(app, store, configuration)
  publishRoutes(app, store, configuration)
}

function readRoutes(app: App, store: Store, configuration: Configuration): void {
  const tags = ['snapshots']
  app.get(
    '/snapshots',
    {
      schema: {
        tags,
        summary: 'List publishes, newest first',
        querystring: PageQuery,
        response: answers(200, 'A page.', pageOf(ref('SnapshotSummary'))),
      },
    },
    (request) => store.asSystem((tx) => tx.snapshots.list(request.query)),
  )
  app.get(
    '/snapshots/pending',
    { schema: { tags, summary: 'What is staged and not published', response: answers(200, 'The changes.', Changes) } },
    async () => {
      const { latest, current } = await store.asSystem(async (tx) => ({
        latest: await tx.snapshots.latest(),
        current: new ResourceTree(await tx.resources.all()),
      }))
      return {
        changes: changesBetween(configuration, latest ? treeOf(latest.document) : new ResourceTree([]), current),
      }
    },
  )
  app.get(
    '/snapshots/:version',
    {
      schema: {
        tags,
        summary: 'Read one publish',
        params: VersionParams,
        response: answers(200, 'With the document it was made from, secrets masked.', ref('SnapshotDetail')),
      },
    },
    async (request) => detailOf(configuration, await rowOf(store, request.params.version)),
  )
  app.get(
    '/snapshots/:version/diff',
    {
      schema: {
        tags,
        summary: 'What a publish changed',
        params: VersionParams,
        querystring: DiffQuery,
        response: answers(200, 'From the other version to this one.', Changes),
      },
    },
    async (request) => {
      const { version } = request.params
      const { against } = request.query
      const after = await rowOf(store, version)
      const before = against === undefined ? await rowBefore(store, version) : await rowOrNothing(store, against)
      return {
        changes: changesBetween(
          configuration,
          before ? treeOf(before.document) : new ResourceTree([]),
          treeOf(after.document),
        ),
      }
    },
  )
}

function publishRoutes(app: App, store: Store, configuration: Configuration): void {
  const tags = ['snapshots']
  app.post(
    '/snapshots',
    {
      schema: {
        tags,
        summary: 'Publish what is staged',
        body: Type.Union([PublishBody, Type.Null()]),
        response: answers(201, 'The publish; the latest one when nothing was staged.', ref('SnapshotSummary')),
      },
    },
    async (request, reply) => {
      const note = request.body?.note ?? ''
      const done = await configuration.change({ actor: actorOf(request), note, author: () => ({ result: undefined }) })
      const summary = summaryOf(await rowOf(store, done.snapshotVersion))
      return reply.code(201).header('x-konnect-snapshot', String(summary.version)).send(summary)
    },
  )
  app.post(
    '/snapshots/:version/rollback',
    {
      schema: {
        tags,
        summary: 'Restore the configuration of a publish as a new one',
        params: VersionParams,
        response: answers(201, 'The new publish.', ref('SnapshotSummary')),
      },
    },
    async (request, reply) => {
      const { version } = request.params
      const row = await rowOf(store, version)
      const note = `Rollback to version ${version}`
      const done = await configuration.change({
        actor: actorOf(request),
        note,
        author: restore(treeOf(row.document)),
        isForced: true,
      })
      const summary = summaryOf(await rowOf(store, done.snapshotVersion))
      return reply.code(201).header('x-konnect-snapshot', String(summary.version)).send(summary)
    },
  )
}

/** Makes the configuration exactly what it was, ids included. */
function restore(former: ResourceTree) {
  return ({ after }: Draft): Authored<undefined> => {
    for (const one of after.all()) if (!former.get(one.id)) after.remove(one.id)
    for (const one of former.all()) after.put(one)
    return { result: undefined }
  }
}

function changesBetween(configuration: Configuration, before: ResourceTree, after: ResourceTree): Change[] {
  const context = { before, after, secrets: configuration.secrets }
  return realChanges(changesOf(differencesBetween(before, after), context))
}

async function rowOf(store: Store, version: number): Promise<SnapshotRow> {
  const row = await store.asSystem((tx) => tx.snapshots.get(version))
  if (!row)
    throw new GatewayError('resource_not_found', {
      detail: `Version ${version} was never published, or is no longer kept.`,
    })
  return row
}

const rowOrNothing = (store: Store, version: number) => (version === 0 ? undefined : rowOf(store, version))

/** The newest kept publish before `version`. Versions have no gaps but where history was pruned. */
const rowBefore = (store: Store, version: number) =>
  store.asSystem((tx) => (version > 1 ? tx.snapshots.get(version - 1) : Promise.resolve(undefined)))

const summaryOf = ({ version, publishedAt, actor, note, digest }: SnapshotRow): SnapshotSummary => ({
  version,
  publishedAt,
  actor,
  note,
  digest,
})

const detailOf = (configuration: Configuration, row: SnapshotRow): SnapshotDetail => ({
  ...summaryOf(row),
  document: declarativeDocument(treeOf(row.document), configuration.secrets),
})
