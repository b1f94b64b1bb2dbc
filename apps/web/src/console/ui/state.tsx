import type { ReactNode } from 'react'

/** What a state means: good, in need of attention, bad, or neither. */
export type Tone = 'good' | 'warn' | 'bad' | 'neutral' | 'accent'

/** A state in words with a coloured mark; the words alone suffice. */
export function State({ tone, children }: { readonly tone: Tone; readonly children: ReactNode }) {
  return (
    <span className="k-state" data-tone={tone}>
      {children}
    </span>
  )
}

const LIFECYCLE_TONES: Readonly<Record<string, Tone>> = {
  draft: 'neutral',
  published: 'good',
  active: 'good',
  deprecated: 'warn',
  suspended: 'warn',
  pending: 'warn',
  retired: 'neutral',
  ended: 'neutral',
  rejected: 'bad',
}

/** The lifecycle state of an API, a model or a subscription. */
export const LifecycleState = ({ state }: { readonly state: string }) => (
  <State tone={LIFECYCLE_TONES[state] ?? 'neutral'}>{state}</State>
)

/** The status of an answer: its number, with a mark for its class. */
export function StatusCode({ status }: { readonly status: number }) {
  const tone: Tone = status >= 500 ? 'bad' : status >= 400 ? 'warn' : 'good'
  return <State tone={tone}>{status}</State>
}
