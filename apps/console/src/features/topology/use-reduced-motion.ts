import { useSyncExternalStore } from 'react'

const QUERY = '(prefers-reduced-motion: reduce)'

/** Whether the reader has asked the system for less motion. */
export function useReducedMotion(): boolean {
  return useSyncExternalStore(subscribe, read)
}

const media = (): MediaQueryList => window.matchMedia(QUERY)
const read = (): boolean => media().matches

function subscribe(listener: () => void): () => void {
  const list = media()
  list.addEventListener('change', listener)
  return () => list.removeEventListener('change', listener)
}
