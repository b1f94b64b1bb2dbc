import './shell.css'
import { useDocumentTitle } from '@mantine/hooks'
import type { ReactNode } from 'react'
import { BrandMark } from './brand.tsx'

interface GateProps {
  readonly title: string
  readonly sentence: string
  readonly children: ReactNode
}

/** The frame of pages that need no sign-in. */
export function Gate({ title, sentence, children }: GateProps) {
  useDocumentTitle(`${title} · Konnect`)
  return (
    <div className="k-gate">
      <main>
        <div className="k-brand">
          <BrandMark />
          Konnect
        </div>
        <div className="k-panel k-stack">
          <div>
            <h1>{title}</h1>
            <p className="k-dim">{sentence}</p>
          </div>
          {children}
        </div>
      </main>
    </div>
  )
}
