import type { HistoryEntry } from '@meshdeck/contract'
import { useCallback } from 'react'
import { useTranslation } from 'react-i18next'
import { useFormat } from '../../../lib/format.ts'

/** A change in words: `14:03 VirtualService shop/cart changed by kubectl-edit`. */
export function useChangeWords(): (entry: HistoryEntry) => string {
  const { t } = useTranslation('topology')
  const format = useFormat()
  return useCallback(
    ({ at, kind, namespace, name, operation, author }) =>
      t(`changes.${operation === 'baseline' ? 'changed' : operation}${author === undefined ? '' : 'By'}`, {
        time: format.time(at),
        kind,
        name: namespace === undefined ? name : `${namespace}/${name}`,
        author,
      }),
    [t, format],
  )
}
