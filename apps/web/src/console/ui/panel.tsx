import { type ReactNode, useId } from 'react'

interface PanelProps {
  readonly title: string
  readonly action?: ReactNode
  readonly children: ReactNode
}

/** A titled part of a page. */
export function Panel({ title, action, children }: PanelProps) {
  const id = useId()
  return (
    <section className="k-panel" aria-labelledby={id}>
      <header>
        <h2 id={id}>{title}</h2>
        {action}
      </header>
      {children}
    </section>
  )
}
