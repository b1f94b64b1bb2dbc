import { spotlight } from '@mantine/spotlight'
import Search from 'lucide-react/icons/search'
import { lazy, Suspense, useEffect, useState } from 'react'

const PaletteDialog = lazy(async () => ({ default: (await import('./palette-dialog.tsx')).PaletteDialog }))

/** Opens the palette; stands where people look for a search. */
export function PaletteButton() {
  return (
    <button type="button" className="k-palette-button" onClick={spotlight.open} aria-keyshortcuts="Meta+K Control+K">
      <Search size={14} aria-hidden />
      <span>Find a page, an API, a call…</span>
      <kbd>⌘K</kbd>
    </button>
  )
}

/** The palette itself. Loaded once the page stands, so that it costs the first paint nothing. */
export function Palette() {
  const [isReady, setReady] = useState(false)
  useEffect(() => setReady(true), [])
  return isReady ? (
    <Suspense fallback={null}>
      <PaletteDialog />
    </Suspense>
  ) : null
}
