import type { HistoryEntry } from '@meshdeck/contract'
import { useCallback } from 'react'
import { useTranslation } from 'react-i18next'
import { useFormat } from '../../../lib/format.ts'

/** A change in words: `14:03 VirtualService shop/cart changed by kubectl-edit`. */
export function useChangeWords(): (entry: HistoryEntry) => string {
  const { t } = useTranslation('topology')
  const format = useFormat()
  return useCallback(
    ({ at, kind, namespace, name, operation, author }) => {
      const done = operation === 'baseline' ? 'changed' : operation
      const what = { time: format.time(at), kind, name: namespace === undefined ? name : `${namespace}/${name}` }
      return author === undefined ? t(`changes.${done}`, what) : t(`changes.${done}By`, { ...what, author })
    },
    [t, format],
  )
}
