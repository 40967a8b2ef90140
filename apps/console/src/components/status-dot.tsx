import Tooltip from 'antd/es/tooltip'
import type { ReactNode } from 'react'

export type StatusTone = 'success' | 'warning' | 'error' | 'info' | 'unknown'

export interface StatusDotProps {
  tone: StatusTone
  /** The state in a word: colour alone says nothing to many. */
  children: ReactNode
  /** Why it is so; shown on hover and on focus. */
  reason?: ReactNode
}

/** A state as a coloured dot with a word, and the reason behind it. */
export function StatusDot({ tone, children, reason }: StatusDotProps) {
  const dot = (
    <span className={`md-status md-status-${tone}`} {...(reason === undefined ? {} : { tabIndex: 0 })}>
      <span className="md-status-dot" aria-hidden="true" />
      {children}
    </span>
  )
  return reason === undefined ? dot : <Tooltip title={reason}>{dot}</Tooltip>
}
