import { hkdfSync, randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { GatewayError } from '@konnect/contract'

/** Secret keys of the installation, each for one purpose, all derived from the master key (HKDF-SHA256, RFC 5869). */
export interface InstallationKeys {
  /** 32 bytes, AES-256. */
  readonly sealing: Buffer
  /** 32 bytes, Ed25519 seed. */
  readonly signing: Buffer
  /** What gateways present to the control plane. */
  readonly gatewayToken: string
  /** 32 bytes, HMAC-SHA256 of playground tokens. */
  readonly playground: Buffer
  /** 32 bytes, HMAC-SHA256 of the ids of stored objects. */
  readonly pinning: Buffer
}

const FILE = 'master.key'

/** The master key: the one given, else the one in the data folder, else a new one (mode 0600) put there. */
export function loadMasterKey(dataFolder: string, given: string | undefined): string {
  if (given !== undefined) {
    if (given.length < 32)
      throw new GatewayError('invalid_request', { detail: 'KONNECT_MASTER_KEY needs at least 32 characters.' })
    return given
  }
  const file = join(dataFolder, FILE)
  if (existsSync(file)) return readFileSync(file, 'utf8').trim()
  mkdirSync(dataFolder, { recursive: true, mode: 0o700 })
  const key = randomBytes(32).toString('base64url')
  writeFileSync(file, `${key}\n`, { mode: 0o600, flag: 'wx' })
  return key
}

export function deriveKeys(masterKey: string): InstallationKeys {
  const derive = (purpose: string): Buffer => Buffer.from(hkdfSync('sha256', masterKey, 'konnect', purpose, 32))
  return {
    sealing: derive('seal secrets'),
    signing: derive('sign snapshots'),
    gatewayToken: `kn_gateway_${derive('gateway token').toString('base64url')}`,
    playground: derive('playground tokens'),
    pinning: derive('ids of stored objects'),
  }
}
