import type { Socket } from 'node:net'
import { join } from 'node:path'
import { createTranslator } from '@konnect/ai'
import { asGatewayError, type Logger, type StateStore } from '@konnect/contract'
import { createGateway, createSnapshotCache, followSnapshots, type Gateway } from '@konnect/gateway'
import { createJsonFetcher, createListener, createTextFetcher, createUpstreamPool } from '@konnect/http'
import { createMemoryState, createParentState, createRedisState } from '@konnect/state'
import { createCallShipper, createCallSpool, type SpoolStatus } from '@konnect/telemetry'
import { catalog } from './catalog.ts'
import {
  type ChildOptions,
  childMessage,
  closeWithParent,
  failToParent,
  isConnectionMessage,
  receiveOptions,
  tellParent,
} from './child-message.ts'
import { type ControlLink, createControlLink } from './control-link.ts'
import { createLogger } from './logger.ts'
import { deriveKeys } from './secrets/master-key.ts'
import { createPlaygroundTokens } from './secrets/playground-token.ts'
import { createSecretBox } from './secrets/secret-box.ts'
import { createSnapshotSigner } from './secrets/snapshot-signer.ts'

const REPORT_EVERY_MS = 2_000
const FIRST_SNAPSHOT_WITHIN_MS = 10_000
const FINISH_WITHIN_MS = 10_000
const DETACH_WITHIN_MS = 2_000
const SHIP_WITHIN_MS = 2_000

/** Runs one gateway worker until its parent ends it. */
export async function runGatewayProcess(): Promise<void> {
  process.title = 'konnect gateway-worker'
  const options = await receiveOptions()
  try {
    await startGateway(options)
  } catch (error) {
    failToParent(error)
  }
}

async function startGateway(options: ChildOptions): Promise<void> {
  const node = `${options.node}/${process.env.KONNECT_WORKER ?? '1'}`
  const logger = createLogger(options.logLevel, 'gateway')
  const keys = deriveKeys(options.masterKey)
  const link = createControlLink(options.gateway.controlUrl, keys.gatewayToken)
  const stopping = new AbortController()
  const spool = await createCallSpool({
    dir: join(options.dataFolder, 'spool'),
    maxBytes: options.gateway.spoolBytes,
    logger,
  })
  const shipper = createCallShipper({ spool, ship: link.ship, signal: stopping.signal })
  const state = createState(options, logger)
  const gateway = createGateway({
    catalog,
    translator: createTranslator(),
    state,
    fetchJson: createJsonFetcher({ allowPrivate: true }),
    fetchText: createTextFetcher({ allowPrivate: true }),
    secrets: createSecretBox(keys.sealing),
    signer: createSnapshotSigner(keys.signing),
    calls: spool,
    logger,
    node,
    createPool: (origin) => createUpstreamPool({ origin }),
    trustedProxies: options.gateway.trustedProxies,
    ...(options.gateway.region === null ? {} : { region: options.gateway.region }),
    pinningKey: keys.pinning,
    verifyPlayground: createPlaygroundTokens(keys.playground).verify,
  })
  const report = startReporting({
    gateway,
    link,
    node,
    workers: options.gateway.workers,
    status: () => spool.status(),
    logger,
  })
  const listeners = createListeners(gateway, options, logger)
  closeWithParent(async () => {
    await detachFromParent()
    gateway.drain()
    await listeners.close()
    report.stop()
    await spool.flush()
    await shipper.flush(SHIP_WITHIN_MS)
    await shipper.close()
    await spool.close()
    stopping.abort()
    gateway.close()
    await state.close()
  })
  const firstSnapshot = new Promise<void>((resolve) => {
    void followSnapshots({
      source: link,
      cache: createSnapshotCache(join(options.dataFolder, 'snapshots'), logger),
      apply(signed) {
        gateway.apply(signed)
        resolve()
        report.now()
      },
      logger,
      signal: stopping.signal,
    })
    setTimeout(resolve, FIRST_SNAPSHOT_WITHIN_MS).unref()
  })
  await firstSnapshot
  tellParent({ konnect: 'accepting', is: true })
  tellParent({ konnect: 'listening', url: node })
}

/** Asks the parent for no more connections; resolves when all that it handed over before have arrived. */
function detachFromParent(): Promise<void> {
  if (!process.connected) return Promise.resolve()
  return new Promise((resolve) => {
    process.on('message', (message) => {
      if (childMessage(message)?.konnect === 'detached') resolve()
    })
    process.on('disconnect', resolve)
    setTimeout(resolve, DETACH_WITHIN_MS)
    tellParent({ konnect: 'accepting', is: false })
  })
}

function createState({ gateway }: ChildOptions, logger: Logger): StateStore {
  if (gateway.redisUrl !== null) return createRedisState({ url: gateway.redisUrl, logger })
  if (gateway.workers === 1) return createMemoryState()
  return createParentState({
    send(message) {
      process.send?.(message, undefined, undefined, ignored)
    },
    onMessage(listener) {
      process.on('message', (message) => {
        if (childMessage(message) === undefined && !isConnectionMessage(message)) listener(message)
      })
    },
    onClose(listener) {
      process.on('disconnect', listener)
    },
  })
}

/** Serves the connections that the parent hands over, until `close`. */
function createListeners(
  gateway: Gateway,
  { gateway: { tls } }: ChildOptions,
  logger: Logger,
): { close(): Promise<void> } {
  const onRefused = (refusal: object) => logger.debug(refusal, 'Refused a request that is not valid HTTP')
  const plain = createListener({ handler: gateway.handle, onRefused })
  const secure = tls === null ? undefined : createListener({ handler: gateway.handle, onRefused, tls })
  process.on('message', (message, handle) => {
    if (!isConnectionMessage(message) || !handle) return
    process.send?.(message, undefined, undefined, ignored)
    if (message.isSecure) secure?.adopt(handle as Socket)
    else plain.adopt(handle as Socket)
  })
  return {
    async close() {
      await Promise.all([plain.close(FINISH_WITHIN_MS), secure?.close(FINISH_WITHIN_MS)])
    },
  }
}

/** A parent that is gone shows as `disconnect`; that a message did not reach it is no news. */
const ignored = () => undefined

interface Reporting {
  readonly gateway: Gateway
  readonly link: ControlLink
  readonly node: string
  readonly workers: number
  readonly status: () => SpoolStatus
  readonly logger: Logger
}

const spoolState = ({ pending, dropped, isFull }: SpoolStatus) => ({ pending, dropped, isFull })

/** Tells the control plane regularly, and at once after a new Snapshot, how this worker is. */
function startReporting({ gateway, link, node, workers, status, logger }: Reporting): { now(): void; stop(): void } {
  const startedAt = new Date().toISOString()
  let isAway = false
  const send = async () => {
    try {
      await link.report({
        id: node,
        startedAt,
        snapshotVersion: gateway.version,
        workers,
        spool: spoolState(status()),
        ...gateway.health(),
      })
      isAway = false
    } catch (error) {
      // A gateway that serves nothing yet has just started, and the control plane with it.
      if (!isAway && gateway.version > 0) {
        const { message: reason } = asGatewayError(error)
        logger.warn({ reason }, 'The control plane is out of reach; the gateway goes on without it')
      }
      isAway = gateway.version > 0
    }
  }
  const now = () => void send()
  const timer = setInterval(now, REPORT_EVERY_MS)
  return { now, stop: () => clearInterval(timer) }
}
