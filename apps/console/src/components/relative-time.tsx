import Tooltip from 'antd/es/tooltip'
import { useSyncExternalStore } from 'react'
import { useFormat } from '../lib/format.ts'

const TICK_MS = 30_000
const listeners = new Set<() => void>()
let now = Date.now()
let timer: ReturnType<typeof setInterval> | undefined

/** One clock for all relative times on the page. */
function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  if (timer === undefined) {
    // Nobody has looked at the clock meanwhile.
    now = Date.now()
    timer = setInterval(() => {
      now = Date.now()
      listeners.forEach((each) => each())
    }, TICK_MS)
  }
  return () => {
    listeners.delete(listener)
    if (listeners.size > 0) return
    clearInterval(timer)
    timer = undefined
  }
}

/** The present, moving every half minute. */
export const useNow = (): number => useSyncExternalStore(subscribe, () => now)

/** `3 minutes ago`, with the exact time on hover and on focus. An en dash when not known. */
export function RelativeTime({ at }: { at: string | undefined }) {
  const format = useFormat()
  const present = useNow()
  if (at === undefined) return '–'
  return (
    <Tooltip title={format.dateTime(at)}>
      <time dateTime={at} tabIndex={0}>
        {format.relative(at, Math.max(present, new Date(at).getTime()))}
      </time>
    </Tooltip>
  )
}
