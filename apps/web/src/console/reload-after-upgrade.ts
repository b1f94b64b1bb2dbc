const KEY = 'konnect-reloaded-at'
const AGAIN_AFTER_MS = 30_000

/**
 * Loads the page anew when a part of it is gone, as happens in a tab that was open while Konnect was upgraded. At most
 * once in 30 seconds, so that a part that stays away ends in an error and not in a loop.
 */
export function reloadAfterUpgrade(): void {
  window.addEventListener('vite:preloadError', (event) => {
    const last = Number(window.sessionStorage.getItem(KEY) ?? 0)
    if (Date.now() - last < AGAIN_AFTER_MS) return
    event.preventDefault()
    window.sessionStorage.setItem(KEY, String(Date.now()))
    window.location.reload()
  })
}
