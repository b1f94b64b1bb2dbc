import { useDocumentTitle } from '@mantine/hooks'
import type { ReactNode } from 'react'

interface PageHeaderProps {
  readonly title: string
  /** One sentence: what this is. */
  readonly children?: ReactNode
  /** One primary action. */
  readonly action?: ReactNode
  /** State and the like, beside the title. */
  readonly aside?: ReactNode
  /** The way back to the list. */
  readonly back?: ReactNode
}

/** Title, one sentence, one primary action. */
export function PageHeader({ title, children, action, aside, back }: PageHeaderProps) {
  useDocumentTitle(`${title} · Konnect`)
  return (
    <header className="k-page-header">
      <div className="k-page-title">
        {back && <div className="k-back">{back}</div>}
        <div className="k-row">
          <h1>{title}</h1>
          {aside}
        </div>
        {children && <div className="k-sentence k-dim">{children}</div>}
      </div>
      {action && <div className="k-page-action">{action}</div>}
    </header>
  )
}
