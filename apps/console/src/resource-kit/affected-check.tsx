import type { KindId, KubeResource } from '@meshdeck/kube'
import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { StatusTone } from '../components/status-dot.tsx'
import { useFormat } from '../lib/format.ts'
import { useMeshScope } from '../lib/mesh-scope.ts'
import { affectedQueries, affectedTraffic, narrowedTo } from './affected-traffic.ts'

/** More of them say no more than that they are many. */
const SHOWN = 5

export interface AffectedCheckProps {
  kind: KindId
  /** The object before and after the change: both have traffic that it is about. */
  objects: readonly KubeResource[]
  line: (tone: StatusTone, children: ReactNode) => ReactNode
}

/** Whose requests of the last hour a change is about. */
export function AffectedCheck({ kind, objects, line }: AffectedCheckProps) {
  const { t } = useTranslation('editor')
  const format = useFormat()
  const { mesh } = useMeshScope()
  const { data, isError } = useQuery(affectedQueries.lastHour(mesh))
  const narrowed = objects.find((object) => narrowedTo(kind, object).length > 0)
  const services = useQuery({
    ...affectedQueries.services(mesh, narrowed?.metadata.namespace ?? ''),
    enabled: narrowed !== undefined,
  })
  if (isError) return line('unknown', t('affected.failed'))
  if (data === undefined || (narrowed !== undefined && services.isPending))
    return line('unknown', t('affected.pending'))
  const all = objects.flatMap((object) => affectedTraffic(kind, object, data, services.data?.items))
  const found = [...new Map(all.map((each) => [`${each.namespace ?? ''}/${each.name}`, each])).values()]
  if (found.length === 0) return line('unknown', t('affected.none'))
  return line(
    'info',
    <>
      {t('affected.some')}
      <ul className="md-findings">
        {found.slice(0, SHOWN).map(({ name, namespace, requestRate, errorRate, callers }) => (
          <li key={`${namespace ?? ''}/${name}`}>
            <span>
              <strong>{name}</strong> {namespace !== undefined && <span className="md-muted">{namespace}</span>}{' '}
              {t('affected.rate', { rate: format.rate(requestRate), errors: format.percent(errorRate) })}
              {callers.length > 0 && (
                <span className="md-muted">
                  {' '}
                  {t('affected.callers', { callers: format.list(callers.slice(0, SHOWN)) })}
                </span>
              )}
            </span>
          </li>
        ))}
      </ul>
      {found.length > SHOWN && <span className="md-muted">{t('affected.more', { count: found.length - SHOWN })}</span>}
    </>,
  )
}
