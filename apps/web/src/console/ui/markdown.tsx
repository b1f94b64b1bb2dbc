import { lazy, Suspense } from 'react'

const MarkdownText = lazy(async () => ({ default: (await import('./markdown-text.tsx')).MarkdownText }))

/** Text that people wrote in Markdown. Shown as it is until the renderer has loaded. */
export function Markdown({ text }: { readonly text: string }) {
  return (
    <Suspense fallback={text}>
      <MarkdownText text={text} />
    </Suspense>
  )
}
