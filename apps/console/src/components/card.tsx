import { useId, type ReactNode } from 'react'

/** A card with a heading. */
export function Card({ title, children }: { title: string; children: ReactNode }) {
  const id = useId()
  return (
    <section className="md-card" aria-labelledby={id}>
      <header>
        <h2 id={id}>{title}</h2>
      </header>
      <div className="md-card-body md-stack">{children}</div>
    </section>
  )
}
