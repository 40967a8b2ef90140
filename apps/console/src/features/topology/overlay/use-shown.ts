import { useSyncExternalStore } from 'react'

/** Whether the page can be seen: nothing needs to move in a tab that is hidden. */
export function useShown(): boolean {
  return useSyncExternalStore(subscribe, () => !document.hidden)
}

function subscribe(listener: () => void): () => void {
  document.addEventListener('visibilitychange', listener)
  return () => document.removeEventListener('visibilitychange', listener)
}
