import { findKind, KINDS, type KindId } from '@meshdeck/kube'
import { useQuery } from '@tanstack/react-query'
import { Navigate, useParams } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { AppLink } from '../../components/app-link.tsx'
import { Page } from '../../components/page.tsx'
import { QueryView } from '../../components/states.tsx'
import { configPlaces } from '../../lib/config-places.ts'
import { wizardPlaces } from '../../lib/wizard-places.ts'
import { useFormat } from '../../lib/format.ts'
import { useMeshScope } from '../../lib/mesh-scope.ts'
import { places } from '../../lib/places.ts'
import { useStyle } from '../../lib/use-style.ts'
import { meshQueries } from '../../resource-kit/mesh-queries.ts'
import css from '../../resource-kit/resource-kit.css?inline'
import { kindOfRoute } from './kind-route.ts'
import { NotFoundPage } from './not-found-page.tsx'

const CATEGORIES = ['traffic', 'security', 'extensions', 'gateway-api'] as const

/** Every kind of configuration with how many objects of it the mesh has. */
export function IstioResourcesPage() {
  useStyle(css)
  const { t } = useTranslation(['resources', 'imports', 'tls-secrets', 'wizards'])
  const { mesh } = useMeshScope()
  const query = useQuery(meshQueries.counts(mesh))
  return (
    <Page
      title={t('hub.title')}
      description={t('hub.what')}
      failures={query.data?.failures}
      onRetry={() => void query.refetch()}
      actions={
        <>
          <AppLink place={wizardPlaces.list(mesh)}>{t('wizards:title')}</AppLink>
          <AppLink place={configPlaces.importObjects(mesh)}>{t('imports:title')}</AppLink>
          <AppLink place={configPlaces.tlsSecrets(mesh)}>{t('tls-secrets:title')}</AppLink>
        </>
      }
    >
      <QueryView query={query}>
        {({ counts }) =>
          CATEGORIES.map((category) => (
            <section key={category} className="md-stack" aria-label={t(`hub.categories.${category}`)}>
              <h2>{t(`hub.categories.${category}`)}</h2>
              <div className="md-kind-grid">
                {KINDS.filter((kind) => kind.category === category).map((kind) => (
                  <KindCard key={kind.id} kind={kind.id} count={counts.find((each) => each.kind === kind.id)} />
                ))}
              </div>
            </section>
          ))
        }
      </QueryView>
    </Page>
  )
}

function KindCard({ kind, count }: { kind: KindId; count: { count: number; forbidden: boolean } | undefined }) {
  const { t } = useTranslation('resources')
  const { mesh } = useMeshScope()
  const format = useFormat()
  return (
    <article className="md-card md-kind-card">
      <AppLink place={places.kindList(mesh, kind)} className="md-row-name">
        {t(`kinds.${kind}.plural`)}
      </AppLink>
      <span title={count?.forbidden ? t('hub.forbidden') : undefined}>
        {count === undefined || count.forbidden ? '–' : format.number(count.count)}
      </span>
      <p>{count?.forbidden ? t('hub.forbidden') : t(`kinds.${kind}.what`)}</p>
    </article>
  )
}

/** `/config/istio-resources/:kind`, by path or by Kind, leads to the kind's one list. */
export function IstioResourcesRedirect() {
  const { mesh } = useMeshScope()
  const { kind: segment = '' }: { kind?: string } = useParams({ strict: false })
  const kind = kindOfRoute(segment) ?? kindOfRoute(findKind(segment)?.path)
  return kind ? <Navigate {...places.kindList(mesh, kind.id)} replace /> : <NotFoundPage />
}
