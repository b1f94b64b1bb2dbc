import type { AiTranslator } from '@konnect/ai'
import type {
  CallSink,
  JsonFetcher,
  Logger,
  SecretBox,
  SnapshotSigner,
  StateStore,
  TextFetcher,
} from '@konnect/contract'
import type { UpstreamPool } from '@konnect/http'
import type { GatewayCatalog } from './plan/catalog.ts'
import type { PlaygroundVerifier } from './plan/directory.ts'

/** What a gateway runs with. Nothing is read from anywhere else. */
export interface GatewayOptions {
  readonly catalog: GatewayCatalog
  readonly translator: AiTranslator
  readonly state: StateStore
  readonly fetchJson: JsonFetcher
  readonly fetchText: TextFetcher
  readonly secrets: SecretBox
  readonly signer: Pick<SnapshotSigner, 'verify'>
  readonly calls: CallSink
  readonly logger: Logger
  /** Name of this node and worker in Calls. */
  readonly node: string
  readonly createPool: (origin: string) => UpstreamPool
  /** Addresses and CIDR ranges whose X-Forwarded-* are believed. */
  readonly trustedProxies?: readonly string[]
  /** Where this installation keeps what it records, in words of residency rules; nobody knows when left out. */
  readonly region?: string
  /** 32 bytes, the same at all gateways of an installation: what ids of stored objects are authenticated with. */
  readonly pinningKey: Uint8Array
  readonly verifyPlayground?: PlaygroundVerifier
  readonly now?: () => number
}
