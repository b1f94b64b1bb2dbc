import type { SessionSetup, SessionWatch, UsageReport } from '../ports.ts'
import type { PassingDialect } from './dialect.ts'

/**
 * A wire format of sessions: over a WebSocket (RFC 6455) that stays open, client and vendor send each other events. Frames
 * pass from a client to a vendor that speaks it too, and back.
 */
export interface SessionDialect
  extends Pick<PassingDialect, 'id' | 'operation' | 'endpoints' | 'errorIn' | 'errorOut'> {
  /** Path below the base URL, where it holds the version. */
  readonly vendorPath: string
  /** For formats whose clients name the model in their first message in place of the query. */
  readonly setup?: SessionSetup
  /** One for each session; `onUsage` hears of everything that the vendor reports. */
  watch(onUsage: (report: UsageReport) => void): SessionWatch
}
