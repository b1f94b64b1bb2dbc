import { useSyncExternalStore } from 'react'

/** A key that was created in this tab. Kept in memory only, so that examples can be copied ready to run. */
export interface FreshKey {
  readonly application: string
  readonly value: string
}

let current: FreshKey | undefined
const listeners = new Set<() => void>()

/** Remembers a key until the tab closes or another one is created. */
export function rememberKey(key: FreshKey): void {
  current = key
  for (const tell of listeners) tell()
}

const subscribe = (listener: () => void) => {
  listeners.add(listener)
  return () => void listeners.delete(listener)
}

/** The key that was created last in this tab. */
export const useFreshKey = (): FreshKey | undefined => useSyncExternalStore(subscribe, () => current)
