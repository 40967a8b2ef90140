export interface StepTrailProps {
  steps: readonly { id: string; label: string }[]
  current: string
}

/** Where one is on a way of several steps. */
export function StepTrail({ steps, current }: StepTrailProps) {
  return (
    <ol className="md-steps">
      {steps.map(({ id, label }, index) => (
        <li key={id} {...(id === current ? { 'aria-current': 'step' as const } : {})}>
          {index + 1} {label}
        </li>
      ))}
    </ol>
  )
}
