import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { join, resolve } from 'node:path'
import { GatewayError, type Logger } from '@konnect/contract'
import type { Settings } from '../cli/flags.ts'
import type { ChildMessage, ChildOptions, StartConfig } from './child-message.ts'
import { definedEnvironment } from './environment.ts'
import { createLogger } from './logger.ts'
import { createSample, type Sample } from './sample/sample-config.ts'
import { type SampleServer, startSampleServer } from './sample/sample-server.ts'
import { loadMasterKey } from './secrets/master-key.ts'
import { startSupervisor } from './supervisor.ts'
import { createWelcome } from './welcome.ts'

/** Which halves to run. */
export interface Parts {
  readonly control: boolean
  readonly gateway: boolean
}

/** Runs the processes of an installation until a signal ends it; resolves with the exit code. */
export async function runInstallation(settings: Settings, parts: Parts): Promise<number> {
  const logger = createLogger(settings.required('log-level'), 'start')
  const dataFolder = resolve(settings.required('data'))
  mkdirSync(dataFolder, { recursive: true, mode: 0o700 })
  const sample = parts.control && parts.gateway ? await offerSample(settings, dataFolder, logger) : undefined
  const child = childOptions(settings, parts, { dataFolder, sample: sample?.sample })
  const welcome = createWelcome({
    gatewayUrl: gatewayUrlOf(settings),
    consoleUrl: consoleUrlOf(settings),
    sampleKey: sample?.sample?.key,
    parts,
  })
  let end: (code: number) => void = () => undefined
  const ended = new Promise<number>((resolve) => {
    end = resolve
  })
  const onMessage = (message: ChildMessage) => {
    if (message.konnect === 'failed') {
      process.stderr.write(`${message.message}\n`)
      if (!welcome.isSaid) end(1)
      return
    }
    welcome.hear(message)
  }
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => end(0))
  const supervisor = await startSupervisor({ child, hasGateway: parts.gateway, logger, onMessage })
  const code = await ended
  await supervisor.stop()
  await sample?.server.close()
  return code
}

/** The sample stays on the port that its configuration names, so the port is kept in the data folder. */
async function offerSample(
  settings: Settings,
  dataFolder: string,
  logger: Logger,
): Promise<{ server: SampleServer; sample: Sample | undefined } | undefined> {
  const file = join(dataFolder, 'sample-port')
  const isKnown = existsSync(file)
  if (!isKnown && (settings.isGiven('config') || existsSync(join(dataFolder, 'snapshots')))) return undefined
  const port = isKnown ? Number(readFileSync(file, 'utf8')) : settings.number('sample-port')
  const server = await startSampleServer(port, !isKnown)
  if (server === undefined) {
    logger.warn({ port }, 'The port of the sample upstreams is taken; the sample answers 502 until it is free')
    return undefined
  }
  if (isKnown) return { server, sample: undefined }
  writeFileSync(file, `${server.port}\n`)
  return { server, sample: createSample(server.port) }
}

function childOptions(
  settings: Settings,
  parts: Parts,
  { dataFolder, sample }: { dataFolder: string; sample: Sample | undefined },
): ChildOptions {
  return {
    masterKey: loadMasterKey(dataFolder, settings.text('master-key')),
    dataFolder,
    logLevel: settings.required('log-level'),
    node: hostname(),
    gateway: {
      port: settings.number('gateway-port'),
      host: settings.required('gateway-host'),
      tls: tlsOf(settings),
      trustedProxies: (settings.text('trusted-proxies') ?? '')
        .split(',')
        .map((one) => one.trim())
        .filter(Boolean),
      workers: settings.number('workers'),
      redisUrl: settings.text('redis-url') ?? null,
      region: settings.text('region') ?? null,
      spoolBytes: settings.number('spool-bytes'),
      controlUrl: parts.control ? consoleUrlOf(settings) : settings.required('control').replace(/\/+$/, ''),
    },
    control: parts.control
      ? {
          port: settings.number('control-port'),
          host: settings.required('control-host'),
          databaseUrl: settings.text('database-url') ?? null,
          retentionDays: settings.number('call-retention-days'),
          gatewayUrl: gatewayUrlOf(settings),
          admin: {
            email: settings.text('admin-email') ?? null,
            password: settings.text('admin-password') ?? null,
            apiToken: settings.text('api-token') ?? null,
          },
          config: startConfigOf(settings),
          sample: sample?.config ?? null,
        }
      : null,
  }
}

function startConfigOf(settings: Settings): StartConfig | null {
  const file = settings.text('config')
  if (file === undefined) return null
  return { file, text: readText(file, '--config'), env: definedEnvironment() }
}

function tlsOf(settings: Settings): ChildOptions['gateway']['tls'] {
  const cert = settings.text('tls-cert')
  const key = settings.text('tls-key')
  if (cert === undefined && key === undefined) return null
  if (cert === undefined || key === undefined) {
    throw new GatewayError('invalid_request', {
      detail: '--tls-cert and --tls-key belong together; one of them is missing.',
    })
  }
  return { port: settings.number('tls-port'), cert: readText(cert, '--tls-cert'), key: readText(key, '--tls-key') }
}

function readText(file: string, flag: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (cause) {
    throw new GatewayError('invalid_request', { detail: `The file of ${flag} cannot be read: ${file}`, cause })
  }
}

const visibleHost = (host: string): string => (host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host)

const gatewayUrlOf = (settings: Settings): string =>
  `http://${visibleHost(settings.required('gateway-host'))}:${settings.number('gateway-port')}`

const consoleUrlOf = (settings: Settings): string =>
  `http://${visibleHost(settings.required('control-host'))}:${settings.number('control-port')}`
