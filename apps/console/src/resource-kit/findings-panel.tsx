import type { ResourceRef } from '@meshdeck/kube'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { AppLink } from '../components/app-link.tsx'
import { IfAllowed } from '../components/if-allowed.tsx'
import { StatusDot } from '../components/status-dot.tsx'
import { useMeshScope } from '../lib/mesh-scope.ts'
import { places } from '../lib/places.ts'
import { findingQueries } from './finding-queries.ts'
import { FindingLevel, FindingText } from './finding-text.tsx'

/** What the analysis says of one object. Says nothing where it could not be asked: the page has enough to tell of that. */
export function FindingsPanel({ target }: { target: ResourceRef }) {
  const { t } = useTranslation('findings')
  const { mesh } = useMeshScope()
  const { data } = useQuery(findingQueries.of(mesh, target))
  if (data === undefined) return null
  const own = data.items.filter(({ cluster }) => cluster === target.cluster)
  return (
    <section className="md-card" aria-label={t('panel.title')}>
      <header>
        <h2>{t('panel.title')}</h2>
        {own.length === 0 && <StatusDot tone="success">{t('panel.none')}</StatusDot>}
      </header>
      {own.length > 0 && (
        <ul className="md-card-body md-findings">
          {own.map((finding) => (
            <li key={`${finding.code} ${finding.path} ${JSON.stringify(finding.values)}`}>
              <FindingLevel level={finding.level} />
              <FindingText finding={finding} />
              {finding.code === 'MD0002' && <TakeOver target={target} cluster={finding.values['cluster'] ?? ''} />}
            </li>
          ))}
        </ul>
      )}
    </section>
  )
}

/** From a cluster whose configuration nobody reads to the one that istiod reads, through the editor of new objects. */
function TakeOver({
  target: { cluster: origin, kind, namespace, name },
  cluster,
}: {
  target: ResourceRef
  cluster: string
}) {
  const { t } = useTranslation('findings')
  const { mesh } = useMeshScope()
  const from = [origin, ...(namespace === undefined ? [] : [namespace]), name].join('/')
  return (
    <IfAllowed verb="create" kind={kind} cluster={cluster} {...(namespace === undefined ? {} : { namespace })}>
      <AppLink
        place={places.kindCreate(mesh, kind, { cluster, from, ...(namespace === undefined ? {} : { namespace }) })}
      >
        {t('takeOver', { cluster })}
      </AppLink>
    </IfAllowed>
  )
}
