const PATHS = {
  empty: 'M4 14h5l1.5 2.5h3L15 14h5M4 14l3-8h10l3 8v5H4z',
  error: 'M12 8v5m0 3v.5M3 19.5 12 4l9 15.5z',
  forbidden: 'M7 11V8a5 5 0 0 1 10 0v3m-12 0h14v9H5zm7 3.5v2.5',
  lost: 'M5 5l14 14M8.5 15.5a5 5 0 0 1 5.4-1.1M5 12a10 10 0 0 1 4-2.5m6 .2a10 10 0 0 1 4 2.3M12 19h.01',
} as const

/** A small line drawing beside the words of a state; says nothing that the words do not. */
export function StateIcon({ name }: { name: keyof typeof PATHS }) {
  return (
    <svg className="md-state-icon" viewBox="0 0 24 24" width="40" height="40" aria-hidden="true">
      <path
        d={PATHS[name]}
        fill="none"
        stroke="currentColor"
        strokeWidth="1.2"
        strokeLinejoin="round"
        strokeLinecap="round"
      />
    </svg>
  )
}
