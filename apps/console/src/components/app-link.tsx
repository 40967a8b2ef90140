import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import type { Place } from '../lib/places.ts'

export interface AppLinkProps {
  place: Place
  children: ReactNode
  className?: string
  title?: string
  'aria-label'?: string
  'aria-current'?: 'page' | undefined
  onClick?: () => void
}

/** A link to a place of the console. */
export function AppLink({ place, children, ...rest }: AppLinkProps) {
  return (
    <Link to={place.to} search={place.search ?? {}} {...rest}>
      {children}
    </Link>
  )
}
