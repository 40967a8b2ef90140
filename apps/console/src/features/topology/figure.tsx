import type { ReactNode } from 'react'

/** A figure as it is read, with the whole value that the server sent: for machines, and on hover. */
export function Figure({
  value,
  children,
  tone,
}: {
  value: number | undefined
  children: ReactNode
  tone?: 'warning' | 'error' | undefined
}) {
  if (value === undefined) return '–'
  return (
    <data value={value} title={String(value)} className={tone && `md-topology-${tone}`}>
      {children}
    </data>
  )
}
