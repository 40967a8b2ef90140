import type { ResourceRow } from '@meshdeck/contract'
import { kindOf, type KindId } from '@meshdeck/kube'
import { useMemo } from 'react'
import { accessCheck, useCans } from '../lib/access.ts'

export interface RowRights {
  update: boolean
  delete: boolean
}

/** What the caller may do to each row: asked once per cluster and namespace on the page. */
export function useRowRights(kind: KindId, rows: readonly ResourceRow[]): (row: ResourceRow) => RowRights {
  const writable = kindOf(kind).access === 'full'
  const scopes = useMemo(
    () => [
      ...new Map(
        rows.map((row) => [scopeKey(row), { cluster: row.cluster, namespace: row.resource.metadata.namespace }]),
      ).entries(),
    ],
    [rows],
  )
  const answers = useCans(
    writable
      ? scopes.flatMap(([, scope]) => [accessCheck('update', kind, scope), accessCheck('delete', kind, scope)])
      : [],
  )
  return (row) => {
    const at = scopes.findIndex(([key]) => key === scopeKey(row))
    return { update: answers[2 * at]?.allowed ?? false, delete: answers[2 * at + 1]?.allowed ?? false }
  }
}

const scopeKey = (row: ResourceRow): string => `${row.cluster}/${row.resource.metadata.namespace ?? ''}`
