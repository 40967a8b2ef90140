import type { KindId } from '@meshdeck/kube'
import type { ReactNode } from 'react'
import { useCan, type AccessScope, type Verb } from '../lib/access.ts'

export interface IfAllowedProps extends AccessScope {
  verb: Verb
  kind: KindId
  children: ReactNode
  /** Shown when the caller may not; nothing by default. */
  otherwise?: ReactNode
}

/** Shows its children to those who may do it, once that is known. */
export function IfAllowed({ verb, kind, children, otherwise = null, ...scope }: IfAllowedProps) {
  const { allowed, pending } = useCan(verb, kind, scope)
  if (pending) return null
  return allowed ? children : otherwise
}
