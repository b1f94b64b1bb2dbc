import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'

interface PageLinkProps {
  readonly to: string
  readonly params?: Readonly<Record<string, string>>
  readonly search?: Readonly<Record<string, string>>
  readonly className?: string
  readonly children: ReactNode
}

/** A link to a page of the console; the tenant goes along. */
export function PageLink({ to, params, search, className = 'k-link', children }: PageLinkProps) {
  return (
    <Link to={to} params={params ?? {}} search={search ?? {}} className={className}>
      {children}
    </Link>
  )
}
