import type { CallStats } from '@konnect/contract'
import { formatMs } from '../../format/duration.ts'
import { formatUsd } from '../../format/money.ts'
import { formatNoun, formatShare } from '../../format/number.ts'

/** `1,204 calls in the last 24 hours, 0.3% failed, p95 240 ms, $1.82.` */
export function sentence({ total }: CallStats, when: string): string {
  if (total.calls === 0) return `No calls ${when}.`
  const parts = [
    `${formatNoun(total.calls, 'call')} ${when}`,
    `${formatShare(total.errors, total.calls)} failed`,
    ...(total.rejected > 0 ? [`${formatShare(total.rejected, total.calls)} rejected`] : []),
    `p95 ${formatMs(total.p95Ms)}`,
    formatUsd(total.costUsd),
  ]
  const unpriced = total.unpriced > 0 ? ` The price of ${formatNoun(total.unpriced, 'AI call')} is unknown.` : ''
  return `${parts.join(', ')}.${unpriced}`
}
