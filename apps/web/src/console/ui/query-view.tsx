import { Skeleton } from '@mantine/core'
import type { UseQueryResult } from '@tanstack/react-query'
import { type ReactNode, useEffect, useState } from 'react'
import { ErrorState } from './error-state.tsx'

/** True once `ms` have passed since the component appeared. */
function useAfter(ms: number): boolean {
  const [isOver, setOver] = useState(false)
  useEffect(() => {
    const timer = setTimeout(() => setOver(true), ms)
    return () => clearTimeout(timer)
  }, [ms])
  return isOver
}

const ROW_NAMES = Array.from({ length: 12 }, (_, row) => `row ${row}`)

/** Grey rows in the shape of what is coming, but only when it takes longer than 150 ms. */
export function Loading({ rows = 6 }: { readonly rows?: number }) {
  const isShown = useAfter(150)
  return (
    <div className="k-loading" aria-busy="true" data-shown={isShown || undefined}>
      {isShown && ROW_NAMES.slice(0, rows).map((name) => <Skeleton key={name} height={32} />)}
    </div>
  )
}

interface QueryViewProps<T> {
  readonly query: UseQueryResult<T>
  readonly rows?: number
  readonly children: (data: T) => ReactNode
}

/** Shows what a query answered, or that it is loading, or why it failed. Old data stays while new data is fetched. */
export function QueryView<T>({ query, rows = 6, children }: QueryViewProps<T>) {
  if (query.data !== undefined) return <>{children(query.data)}</>
  if (query.isError) return <ErrorState error={query.error} retry={() => void query.refetch()} />
  return <Loading rows={rows} />
}
