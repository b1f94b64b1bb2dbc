import { parseArgs } from 'node:util'
import { GatewayError } from '@konnect/contract'

/** One setting of the program. The environment variable is `KONNECT_` and the name in capitals. */
export interface Flag {
  readonly name: string
  readonly kind: 'text' | 'port' | 'count' | 'switch'
  readonly description: string
  readonly default?: string
  /** Not accepted on the command line, where other users of the machine could read it. */
  readonly isSecret?: boolean
}

/** Every setting. The reference page of the command line is compared with this list by a test. */
export const FLAGS = [
  { name: 'gateway-port', kind: 'port', default: '8000', description: 'Port of the gateway.' },
  { name: 'gateway-host', kind: 'text', default: '0.0.0.0', description: 'Address the gateway listens on.' },
  {
    name: 'tls-port',
    kind: 'port',
    default: '8443',
    description: 'TLS port of the gateway; used when a certificate is given.',
  },
  { name: 'tls-cert', kind: 'text', description: 'PEM file with the certificate chain of the gateway.' },
  { name: 'tls-key', kind: 'text', description: 'PEM file with the private key of the gateway.' },
  { name: 'control-port', kind: 'port', default: '8001', description: 'Port of console and control API.' },
  {
    name: 'control-host',
    kind: 'text',
    default: '127.0.0.1',
    description: 'Address console and control API listen on.',
  },
  { name: 'sample-port', kind: 'port', default: '8002', description: 'Loopback port of the sample upstreams.' },
  {
    name: 'control',
    kind: 'text',
    description: 'URL of the control plane: for a gateway on its own, and for the other verbs.',
    default: 'http://127.0.0.1:8001',
  },
  {
    name: 'data',
    kind: 'text',
    default: './.konnect',
    description: 'Folder for the embedded database, Snapshots and call spool.',
  },
  { name: 'database-url', kind: 'text', description: 'PostgreSQL server to use in place of the embedded database.' },
  { name: 'redis-url', kind: 'text', description: 'Redis or Valkey that several gateways share limits through.' },
  { name: 'workers', kind: 'count', default: '1', description: 'Gateway processes behind the one listener.' },
  { name: 'config', kind: 'text', description: 'Declarative file to apply at start.' },
  {
    name: 'file',
    kind: 'text',
    description: 'Declarative file of apply, diff and validate; - reads standard input. Short: -f.',
  },
  {
    name: 'tenant',
    kind: 'text',
    description: 'Tenant that export is limited to, or of the model of promote and rollback.',
  },
  { name: 'model', kind: 'text', description: 'promote and rollback: name of the model.' },
  { name: 'version', kind: 'text', description: 'promote: version of the model.' },
  {
    name: 'percent',
    kind: 'count',
    default: '100',
    description: 'promote: percentage of the requests; the other versions share the rest as before.',
  },
  { name: 'prune', kind: 'switch', description: 'apply and diff: also delete what the file does not list.' },
  {
    name: 'trusted-proxies',
    kind: 'text',
    description: 'Addresses or CIDR ranges, comma-separated, whose X-Forwarded-* fields are believed.',
  },
  {
    name: 'region',
    kind: 'text',
    description: 'Where this installation keeps what it records, e.g. eu-central; residency rules are held against it.',
  },
  { name: 'log-level', kind: 'text', default: 'info', description: 'debug, info, warn or error.' },
  { name: 'call-retention-days', kind: 'count', default: '30', description: 'How long Calls are kept.' },
  {
    name: 'spool-bytes',
    kind: 'count',
    default: '268435456',
    description: 'Most bytes of Calls that wait on disk for the control plane.',
  },
  { name: 'admin-email', kind: 'text', description: 'E-mail of the first administrator.' },
  { name: 'admin-password', kind: 'text', isSecret: true, description: 'Password of the first administrator.' },
  {
    name: 'api-token',
    kind: 'text',
    isSecret: true,
    description: 'Server: registered as an administrator’s API token. Other verbs: the token they present.',
  },
  {
    name: 'master-key',
    kind: 'text',
    isSecret: true,
    description: 'Encrypts secrets at rest. Generated into the data folder when left out.',
  },
] as const satisfies readonly Flag[]

type Name = (typeof FLAGS)[number]['name']

/** Settings of one run, from the command line first and the environment second. */
export interface Settings {
  text(name: Name): string | undefined
  /** Throws `invalid_request` when neither given nor defaulted. */
  required(name: Name): string
  number(name: Name): number
  isOn(name: Name): boolean
  /** True when the user said something, as opposed to a default. */
  isGiven(name: Name): boolean
}

/** Environment variable of a flag. */
export const variableOf = (name: string): string => `KONNECT_${name.replaceAll('-', '_').toUpperCase()}`

/** Reads settings. Throws `invalid_request` on unknown flags and values of the wrong type. */
export function readSettings(args: readonly string[], env: Readonly<Record<string, string | undefined>>): Settings {
  const given = parse(args)
  const flags: readonly Flag[] = FLAGS
  const said = (name: string): string | undefined => given[name] ?? (env[variableOf(name)] || undefined)
  const text = (name: string): string | undefined => said(name) ?? flags.find((flag) => flag.name === name)?.default
  for (const flag of flags) checkValue(flag, text(flag.name))
  return {
    text,
    required(name) {
      const value = text(name)
      if (value === undefined) throw invalid(`--${name} (or ${variableOf(name)}) is missing.`)
      return value
    },
    number: (name) => Number(text(name)),
    isOn: (name) => ['', 'true', '1', 'yes', 'on'].includes(text(name)?.toLowerCase() ?? 'off'),
    isGiven: (name) => said(name) !== undefined,
  }
}

function parse(args: readonly string[]): Readonly<Record<string, string>> {
  const options = Object.fromEntries(
    FLAGS.map((flag: Flag) => [
      flag.name,
      {
        type: flag.kind === 'switch' ? ('boolean' as const) : ('string' as const),
        ...(flag.name === 'file' ? { short: 'f' } : {}),
      },
    ]),
  )
  try {
    const { values } = parseArgs({ args: [...args], options, strict: true, allowPositionals: false })
    const secret = FLAGS.find((flag: Flag) => flag.isSecret && flag.name in values)
    if (secret) throw new Error(`--${secret.name} would be readable by others; set ${variableOf(secret.name)} instead`)
    return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, String(value)]))
  } catch (error) {
    throw invalid(error instanceof Error ? error.message : String(error))
  }
}

function checkValue(flag: Flag, value: string | undefined): void {
  if (value === undefined || flag.kind === 'text' || flag.kind === 'switch') return
  const number = Number(value)
  const most = flag.kind === 'port' ? 65_535 : Number.MAX_SAFE_INTEGER
  const least = flag.kind === 'port' ? 0 : 1
  if (!Number.isInteger(number) || number < least || number > most || value.trim() === '') {
    throw invalid(
      `--${flag.name} (or ${variableOf(flag.name)}) takes a whole number from ${least} to ${most}, got "${value}".`,
    )
  }
}

const invalid = (detail: string) => new GatewayError('invalid_request', { detail })
