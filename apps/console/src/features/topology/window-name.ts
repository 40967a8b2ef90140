import { useCallback } from 'react'
import { useTranslation } from 'react-i18next'

/** A span of seconds in the largest unit that divides it: `5 min`. */
export function useWindowName(): (seconds: number) => string {
  const { t } = useTranslation('topology')
  return useCallback(
    (seconds) => {
      const { unit, count } = wholeUnits(seconds)
      return t(`window.${unit}`, { count })
    },
    [t],
  )
}

/** Splits seconds into the largest unit that divides them. */
export function wholeUnits(seconds: number): { unit: 'days' | 'hours' | 'minutes' | 'seconds'; count: number } {
  const units = [
    ['days', 86_400],
    ['hours', 3600],
    ['minutes', 60],
  ] as const
  for (const [unit, size] of units) if (seconds >= size && seconds % size === 0) return { unit, count: seconds / size }
  return { unit: 'seconds', count: seconds }
}
