/** Meshdeck's mark: three services and what they say to each other. */
export function Logo() {
  return (
    <svg viewBox="0 0 24 24" width="22" height="22" aria-hidden="true">
      <rect width="24" height="24" rx="6" fill="var(--md-primary)" />
      <path d="M6.5 16.5 12 7l5.5 9.5z" fill="none" stroke="#fff" strokeWidth="1.6" strokeLinejoin="round" />
      <g fill="#fff">
        <circle cx="12" cy="7" r="2.4" />
        <circle cx="6.5" cy="16.5" r="2.4" />
        <circle cx="17.5" cy="16.5" r="2.4" />
      </g>
    </svg>
  )
}
