/** The mark: two roads out of one. */
export function BrandMark() {
  return (
    <svg width="24" height="24" viewBox="0 0 32 32" aria-hidden="true">
      <rect width="32" height="32" rx="7" fill="var(--k-accent)" />
      <path
        d="M9 7v18M9 16h6M15 16c4 0 4-8 8-8M15 16c4 0 4 8 8 8"
        fill="none"
        stroke="var(--k-on-accent)"
        strokeWidth="3"
        strokeLinecap="round"
      />
    </svg>
  )
}
