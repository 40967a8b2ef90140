import type { NamespaceView } from '@meshdeck/contract'
import { useMemo } from 'react'
import { accessCheck, useCans } from '../../lib/access.ts'

export interface Grants {
  /** May set labels of the namespace. */
  label: boolean
  /** May restart its deployments. */
  restart: boolean
}

const NOTHING: Grants = { label: false, restart: false }

/**
 * What the caller may do to each namespace. First the rights that hold everywhere in a cluster are asked; only where
 * these are missing, each namespace by itself, since a role inside of it may grant them.
 */
export function useGrants(rows: readonly NamespaceView[]): (row: NamespaceView) => Grants {
  const clusters = useMemo(() => [...new Set(rows.map(({ cluster }) => cluster))], [rows])
  const wide = useCans(
    clusters.flatMap((cluster) => [
      accessCheck('patch', 'Namespace', { cluster }),
      accessCheck('patch', 'Deployment', { cluster }),
    ]),
  )
  const wideOf = (cluster: string) => {
    const at = clusters.indexOf(cluster) * 2
    return { label: wide[at], restart: wide[at + 1] }
  }
  const asked = rows.filter(({ cluster }) => {
    const { label, restart } = wideOf(cluster)
    const known = label?.pending === false && restart?.pending === false
    return known && !(label.allowed && restart.allowed)
  })
  const narrow = useCans(
    asked.flatMap(({ cluster, name }) => [
      accessCheck('patch', 'Namespace', { cluster, namespace: name, name }),
      accessCheck('patch', 'Deployment', { cluster, namespace: name }),
    ]),
  )
  return (row) => {
    const { label, restart } = wideOf(row.cluster)
    const at = asked.findIndex(({ cluster, name }) => cluster === row.cluster && name === row.name)
    if (label === undefined || restart === undefined) return NOTHING
    return {
      label: label.allowed || (at !== -1 && narrow[at * 2]?.allowed === true),
      restart: restart.allowed || (at !== -1 && narrow[at * 2 + 1]?.allowed === true),
    }
  }
}
