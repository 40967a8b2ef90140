import type { Unit } from '@meshdeck/mesh/monitoring'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { useFormat } from '../../lib/format.ts'

const DAY_SECONDS = 86_400

/** Prints figures of a unit in the reader's language. */
export type PrintUnit = (unit: Unit) => (value: number) => string

export function usePrintUnit(): PrintUnit {
  const { t } = useTranslation('monitoring')
  const format = useFormat()
  return useMemo(() => {
    const print: Record<Unit, (value: number) => string> = {
      requestsPerSecond: (value) => t('units.perSecond', { value: format.rate(value) }),
      operationsPerSecond: (value) => t('units.perSecond', { value: format.rate(value) }),
      connectionsPerSecond: (value) => t('units.perSecond', { value: format.rate(value) }),
      bytesPerSecond: (value) => t('units.perSecond', { value: format.bytes(value) }),
      milliseconds: format.duration,
      // Certificates last for years, and pushes for moments.
      seconds: (value) =>
        value < 2 * DAY_SECONDS
          ? format.duration(value * 1000)
          : t('units.days', { value: format.number(Math.floor(value / DAY_SECONDS)) }),
      bytes: format.bytes,
      cores: (value) => t('units.cores', { value: format.rate(value) }),
      // Near 100 % a tenth says too little, and what is not all is not rounded up to it.
      share: (value) =>
        value > 0.95 && value < 1 ? format.share(Math.floor(value * 1e4) / 1e4) : format.percent(value),
      count: format.rate,
    }
    return (unit) => print[unit]
  }, [t, format])
}
