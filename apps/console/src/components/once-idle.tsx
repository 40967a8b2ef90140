import { useEffect, useEffectEvent } from 'react'

/** Does something once when the browser has nothing else to do. Shows nothing. */
export function OnceIdle({ act }: { act: (() => void) | undefined }) {
  const idle = useEffectEvent(() => act?.())
  useEffect(() => {
    // Where there is no such call, what it would have done ahead is done when it is needed.
    if (!('requestIdleCallback' in window)) return undefined
    const handle = window.requestIdleCallback(() => idle())
    return () => window.cancelIdleCallback(handle)
  }, [])
  return null
}
