import { Tooltip } from '@mantine/core'
import { formatExact, formatRelative } from '../format/time.ts'
import { useNow } from './use-now.ts'

/** A moment, relative to now, with the exact time on hover and focus. */
export function Time({ iso }: { readonly iso: string }) {
  const nowMs = useNow()
  return (
    <Tooltip label={formatExact(iso)}>
      <time dateTime={iso} className="k-nowrap">
        {formatRelative(iso, nowMs)}
      </time>
    </Tooltip>
  )
}
