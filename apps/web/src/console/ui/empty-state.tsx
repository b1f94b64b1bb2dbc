import type { ReactNode } from 'react'
import { CodeBlock } from './code-block.tsx'

interface EmptyStateProps {
  readonly title: string
  /** What this place is for. */
  readonly children: ReactNode
  /** One button. */
  readonly action?: ReactNode
  /** The same act as one line for a terminal. */
  readonly command?: string
}

/** Nothing here yet: what it is for, one button, one line of curl. */
export function EmptyState({ title, children, action, command }: EmptyStateProps) {
  return (
    <div className="k-empty">
      <h2>{title}</h2>
      <p>{children}</p>
      {action}
      {command && (
        <div className="k-empty-command">
          <p className="k-dim">Or from a terminal:</p>
          <CodeBlock code={command} label="the command" />
        </div>
      )}
    </div>
  )
}
