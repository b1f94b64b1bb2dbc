import { existsSync } from 'node:fs'
import { setPriority } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createTranslator } from '@konnect/ai'
import { type ControlPlane, createControl } from '@konnect/control'
import { createTextFetcher } from '@konnect/http'
import { openStore } from '@konnect/store'
import { createMetrics } from '@konnect/telemetry'
import { catalog, catalogDescription, catalogModels, regionOf } from './catalog.ts'
import { type ChildOptions, closeWithParent, failToParent, receiveOptions, tellParent } from './child-message.ts'
import { createConnectionChecker } from './connection/checker.ts'
import { createLogger } from './logger.ts'
import { deriveKeys } from './secrets/master-key.ts'
import { createPlaygroundTokens } from './secrets/playground-token.ts'
import { createSecretBox } from './secrets/secret-box.ts'
import { createSnapshotSigner } from './secrets/snapshot-signer.ts'

/** Niceness (POSIX): about a third of a gateway's share of a contended core. */
const BELOW_TRAFFIC = 5

/** Runs the control plane until its parent ends it. */
export async function runControlProcess(): Promise<void> {
  process.title = 'konnect control'
  // Before any thread starts, because threads inherit it: where both want the same core, traffic comes first.
  setPriority(BELOW_TRAFFIC)
  const options = await receiveOptions()
  try {
    await startControl(options)
  } catch (error) {
    failToParent(error)
  }
}

async function startControl(options: ChildOptions): Promise<void> {
  const settings = options.control
  if (settings === null) throw new Error('This process was started without settings for a control plane')
  const logger = createLogger(options.logLevel, 'control')
  const keys = deriveKeys(options.masterKey)
  const metrics = createMetrics()
  const store = await openStore({
    dataDir: join(options.dataFolder, 'database'),
    logger,
    ...(settings.databaseUrl === null ? {} : { databaseUrl: settings.databaseUrl }),
  })
  const isFirstStart = (await store.asSystem((tx) => tx.snapshots.latest())) === undefined
  const webRoot = findWebRoot()
  const { admin } = settings
  const control = await createControl({
    store,
    catalog: catalogDescription(),
    catalogModels,
    checkConnection: createConnectionChecker({
      vendors: catalog.vendors,
      translator: createTranslator(),
      fetchText: createTextFetcher({ allowPrivate: true }),
      now: Date.now,
    }),
    regionOf,
    secrets: createSecretBox(keys.sealing),
    signer: createSnapshotSigner(keys.signing),
    gatewayToken: keys.gatewayToken,
    mintPlaygroundToken: createPlaygroundTokens(keys.playground).mint,
    gatewayUrl: () => settings.gatewayUrl,
    logger,
    callRetentionDays: settings.retentionDays,
    onCalls: (calls) => metrics.record(calls),
    renderMetrics: () => metrics.render(),
    bootstrap: {
      ...(admin.email === null ? {} : { adminEmail: admin.email }),
      ...(admin.password === null ? {} : { adminPassword: admin.password }),
      ...(admin.apiToken === null ? {} : { apiToken: admin.apiToken }),
    },
    ...(webRoot === undefined ? {} : { webRoot }),
  })
  closeWithParent(async () => {
    await control.close()
    await store.close()
  })
  const hasSample = await applyStartConfig(control, settings, isFirstStart)
  const port = await control.listen(settings.port, settings.host)
  tellParent({ konnect: 'setup', token: control.setupToken ?? null, hasSample })
  tellParent({ konnect: 'listening', url: `http://${settings.host}:${port}` })
}

async function applyStartConfig(
  control: ControlPlane,
  settings: NonNullable<ChildOptions['control']>,
  isFirstStart: boolean,
): Promise<boolean> {
  if (settings.config !== null) {
    const { text, file, env } = settings.config
    await control.applyText(text, { file, env })
    return false
  }
  if (settings.sample === null || !isFirstStart) return false
  const { text, file, env } = settings.sample
  await control.applyText(text, { file, env })
  return true
}

/** The built console lies beside the program's bundle, in the repository as in a container. */
function findWebRoot(): string | undefined {
  const here = dirname(fileURLToPath(import.meta.url))
  const candidates = [join(here, 'web'), join(here, '../../web/dist'), join(here, '../../../web/dist')]
  return candidates.find((candidate) => existsSync(join(candidate, 'index.html')))
}
