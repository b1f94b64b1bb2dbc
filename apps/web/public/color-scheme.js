// Runs before the first paint, so that a dark console does not flash white.
;(() => {
  let chosen = 'auto'
  try {
    chosen = window.localStorage.getItem('konnect-color-scheme') ?? 'auto'
  } catch {
    // Storage may be forbidden; the system's choice holds then.
  }
  const isDark = chosen === 'dark' || (chosen !== 'light' && window.matchMedia('(prefers-color-scheme: dark)').matches)
  document.documentElement.setAttribute('data-mantine-color-scheme', isDark ? 'dark' : 'light')
})()
