import type {
  ApplyResult,
  Call,
  CatalogDescription,
  CatalogModel,
  ConnectionChecker,
  Logger,
  SecretBox,
  SnapshotSigner,
  Store,
} from '@konnect/contract'
import { SYSTEM_ACTOR } from './audit/event.ts'
import { auditRoutes } from './audit/routes.ts'
import { ratingRoutes } from './calls/rating-routes.ts'
import { startRetention } from './calls/retention.ts'
import { callRoutes } from './calls/routes.ts'
import { type ParseOptions, parseConfigFile } from './config-file/parse.ts'
import { configRoutes, runDocument } from './config-file/routes.ts'
import { GatewayRegistry } from './gateways/registry.ts'
import { gatewayRoutes } from './gateways/routes.ts'
import { type Bootstrap, Identity } from './identity/identity.ts'
import { identityRoutes } from './identity/routes.ts'
import { modelRoutes } from './models/routes.ts'
import { playgroundRoutes } from './playground/routes.ts'
import { ModelLists } from './providers/model-lists.ts'
import { providerRoutes } from './providers/routes.ts'
import { createSnapshotFeed, type SnapshotFeed } from './publish/feed.ts'
import type { RegionOf } from './publish/residency-warnings.ts'
import { snapshotRoutes } from './publish/routes.ts'
import { Configuration, ensureDefaultTenant } from './resources/configuration.ts'
import { resourceRoutes } from './resources/router.ts'
import { API_PREFIX, guardRoutes } from './server/access.ts'
import { type App, createApp } from './server/app.ts'
import { catalogRoutes } from './server/catalog.ts'
import { catalogModelRoutes } from './server/catalog-models.ts'
import { registerSite } from './server/site.ts'

/** What a control plane is made of. Everything it needs is an argument; it reads no environment. */
export interface ControlOptions {
  readonly store: Store
  readonly catalog: CatalogDescription
  /** The models that are known of a vendor of the catalog, each id once; asked each time, since prices change. */
  catalogModels(vendorId: string): readonly CatalogModel[]
  /** Where a vendor processes content, as far as the settings of a provider say so; default: nobody knows. */
  readonly regionOf?: RegionOf
  /** Asks a vendor whether a provider could be used. */
  readonly checkConnection: ConnectionChecker
  readonly secrets: SecretBox
  readonly signer: SnapshotSigner
  /** Shared with gateways. */
  readonly gatewayToken: string
  /** Makes a short-lived credential that lets the playground act as an application. */
  mintPlaygroundToken(principal: { tenantId: string; applicationId: string }): string
  /** Where the gateway answers; asked each time. */
  gatewayUrl(): string
  /** Folder of the built console. */
  readonly webRoot?: string
  readonly logger: Logger
  /** Milliseconds since the epoch; default: the clock. */
  readonly now?: () => number
  readonly bootstrap: Bootstrap
  /** Default 30. */
  readonly callRetentionDays?: number
  /** Told of stored calls, e.g. to count them. */
  onCalls?(calls: readonly Call[]): void
  /** Text of `/metrics`, in the Prometheus format. */
  renderMetrics?(): Promise<string> | string
}

/** A running control plane. */
export interface ControlPlane {
  /** Resolves with the port, which the system chooses for 0. */
  listen(port: number, host: string): Promise<number>
  close(): Promise<void>
  /** One-time token of this start while no administrator exists. */
  readonly setupToken: string | undefined
  /** Applies a declarative file as the system. Throws `validation_failed` with file, line and column. */
  applyText(text: string, options: ParseOptions): Promise<ApplyResult>
  /** Whether the configuration given at start is applied, and a gateway serves it. */
  isReady(): boolean
  /** A configuration will be applied: until it is, the control plane is not ready. */
  markConfigPending(): void
}

const DEFAULT_RETENTION_DAYS = 30

/**
 * Creates a control plane over an open store, and publishes for the first time where nothing was published yet. The
 * store stays the caller's to close, after the control plane.
 */
export async function createControl(options: ControlOptions): Promise<ControlPlane> {
  const { store, logger, signer, now = Date.now } = options
  const feed = createSnapshotFeed({ store, logger, signer })
  try {
    return await start(options, feed, now)
  } catch (error) {
    await feed.close()
    throw error
  }
}

async function start(options: ControlOptions, feed: SnapshotFeed, now: () => number): Promise<ControlPlane> {
  const { store, logger } = options
  const registry = new GatewayRegistry(now)
  const identity = new Identity(store, now)
  const onPublish = feed.announce
  const configuration = new Configuration({ ...options, now, onPublish })
  const setupToken = await identity.bootstrap(options.bootstrap)
  const readiness = { version: await firstPublish(configuration, feed), isPending: false }
  const isReady = () => !readiness.isPending && registry.servedVersion >= readiness.version
  const app = await assemble(options, { feed, registry, identity, configuration, isReady, readiness })
  const stopRetention = startRetention({
    store,
    logger,
    now,
    days: options.callRetentionDays ?? DEFAULT_RETENTION_DAYS,
  })
  return {
    setupToken,
    isReady,
    markConfigPending: () => {
      readiness.isPending = true
    },
    async applyText(text, parseOptions) {
      const parsed = parseConfigFile(text, parseOptions)
      const note = `Applied ${parseOptions.file}`
      const { document } = parsed
      const result = await runDocument(configuration, { parsed, document, actor: SYSTEM_ACTOR, mode: 'publish', note })
      readiness.version = result.snapshotVersion
      readiness.isPending = false
      return result
    },
    async listen(port, host) {
      await app.listen({ port, host })
      const address = app.server.address()
      return typeof address === 'object' && address !== null ? address.port : port
    },
    async close() {
      await Promise.all([stopRetention(), feed.close(), app.close()])
    },
  }
}

/** Returns the version that gateways should serve. A Snapshot that is not signed by this installation is signed anew. */
async function firstPublish(configuration: Configuration, feed: SnapshotFeed): Promise<number> {
  await feed.refresh()
  const isForced = feed.latest === undefined
  const change = { actor: SYSTEM_ACTOR, note: 'Start', author: ensureDefaultTenant, isForced }
  return (await configuration.change(change)).snapshotVersion
}

interface Parts {
  readonly feed: SnapshotFeed
  readonly registry: GatewayRegistry
  readonly identity: Identity
  readonly configuration: Configuration
  readonly readiness: { readonly isPending: boolean; readonly version: number }
  isReady(): boolean
}

async function assemble(options: ControlOptions, parts: Parts): Promise<App> {
  const app = await createApp(options.logger)
  guardRoutes(app, parts.identity, options.gatewayToken)
  await app.register(async (scope) => mountApi(scope as unknown as App, options, parts), { prefix: API_PREFIX })
  await registerSite(app, {
    webRoot: options.webRoot,
    renderMetrics: options.renderMetrics,
    isReady: parts.isReady,
    waitingFor: () =>
      parts.readiness.isPending
        ? 'The configuration given at start is not applied yet.'
        : `No gateway serves version ${parts.readiness.version} yet.`,
  })
  await app.ready()
  return app
}

/** Every route of the control API. */
function mountApi(app: App, options: ControlOptions, parts: Parts): void {
  const { store, logger, catalog, onCalls } = options
  const { identity, configuration, feed, registry } = parts
  identityRoutes(app, identity)
  resourceRoutes(app, { store, configuration })
  configRoutes(app, store, configuration)
  snapshotRoutes(app, store, configuration)
  catalogRoutes(app, catalog, options.gatewayUrl)
  const lists = new ModelLists()
  const { checkConnection, now = Date.now } = options
  providerRoutes(app, { store, configuration, checkConnection, lists, now })
  catalogModelRoutes(app, { store, vendors: catalog.vendors, modelsOf: options.catalogModels, lists })
  callRoutes(app, { store, logger, onCalls })
  ratingRoutes(app, { store, now: options.now ?? Date.now })
  modelRoutes(app, { store, configuration: parts.configuration })
  auditRoutes(app, store)
  gatewayRoutes(app, { store, feed, registry })
  playgroundRoutes(app, options)
  app.get('/openapi.json', { config: { access: 'public' }, schema: { hide: true } }, async () => app.swagger())
}
