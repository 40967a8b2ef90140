import type { RemovalCheckView } from '@meshdeck/contract'
import { useTranslation } from 'react-i18next'
import { AppLink } from '../components/app-link.tsx'
import { StatusDot, type StatusTone } from '../components/status-dot.tsx'
import { places, type Place } from '../lib/places.ts'

const TONES: Record<RemovalCheckView['state'], StatusTone> = {
  passed: 'success',
  warning: 'warning',
  blocking: 'error',
  unknown: 'unknown',
}
/** More are behind the link of the check. */
const SHOWN = 5

type Dependent = RemovalCheckView['dependents'][number]

/** What was looked at before a mesh is deleted: each check with its state, its number, and where. */
export function RemovalChecks({ mesh, checks }: { mesh: string; checks: readonly RemovalCheckView[] }) {
  const { t } = useTranslation('lifecycle')
  return (
    <ul className="md-affected" aria-label={t('delete.checks')}>
      {checks.map(({ type, state, count, dependents, unread }) => (
        <li key={type}>
          <StatusDot tone={TONES[state]}>
            {t([`delete.check.${type}.${state}`, `delete.check.${type}.passed`], { count })}
          </StatusDot>
          {dependents.length > 0 && (
            <div className="md-muted">
              {dependents.slice(0, SHOWN).map((each, index) => (
                <span key={[each.cluster, each.kind, each.namespace, each.name].join('/')}>
                  {index > 0 && ', '}
                  <AppLink place={placeOf(mesh, each)}>{printDependent(each)}</AppLink>
                  {each.kind === 'Pod' && ` (${each.count})`}
                </span>
              ))}
              {dependents.length > SHOWN && ` ${t('delete.more', { count: dependents.length - SHOWN })}`}
            </div>
          )}
          {unread.length > 0 && <div className="md-muted">{t('delete.unread', { clusters: unread.join(', ') })}</div>}
        </li>
      ))}
    </ul>
  )
}

const printDependent = ({ cluster, namespace, name }: Dependent): string =>
  name === cluster ? cluster : [cluster, namespace, name].filter(Boolean).join(' / ')

function placeOf(mesh: string, { cluster, kind, namespace, name = '' }: Dependent): Place {
  if (kind === 'Cluster') return places.cluster(cluster)
  if (kind !== 'Pod') return places.object(mesh, { kind, cluster, namespace, name })
  return { ...places.sidecarNamespaces(mesh), search: { search: namespace ?? '', clusters: cluster } }
}
