import { HUB, MeshMode, type Mesh } from '@meshdeck/kube'
import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { Page } from '../../components/page.tsx'
import { EmptyState, LoadingState, QueryView } from '../../components/states.tsx'
import { useCan } from '../../lib/access.ts'
import { useMeshScope } from '../../lib/mesh-scope.ts'
import { places } from '../../lib/places.ts'
import { useStyle } from '../../lib/use-style.ts'
import { MissingRight } from '../../resource-kit/missing-right.tsx'
import kitCss from '../../resource-kit/resource-kit.css?inline'
import { resourceQueries } from '../../resource-kit/resource-queries.ts'
import { AdoptReview } from './adopt-review.tsx'

const DOCS = 'https://istio.io/latest/docs/setup/install/helm/'

/** Makes an external mesh one that Meshdeck runs, at `/meshes/:mesh/-adopt`. */
export function AdoptMeshPage() {
  useStyle(kitCss)
  const { t } = useTranslation('lifecycle')
  const navigate = useNavigate()
  const { mesh: name } = useMeshScope()
  const query = useQuery(resourceQueries.detail({ cluster: HUB, kind: 'Mesh', name }))
  const { allowed, pending } = useCan('update', 'Mesh', { cluster: HUB })
  const back = () => void navigate(places.overview(name))
  return (
    <Page title={t('adopt.title', { name })} description={t('adopt.description')} docs={DOCS}>
      {pending ? (
        // The plan is of no use to who may not carry it out.
        <LoadingState />
      ) : !allowed ? (
        <section className="md-card">
          <MissingRight verb="update" kind="Mesh" cluster={HUB} />
        </section>
      ) : (
        <QueryView query={query}>
          {(object) => {
            // The boundary: the hub's schema promises the shape.
            const {
              mode,
              controlPlane,
              members = [],
              displayName,
              protected: isProtected,
            } = object.spec as Mesh['spec']
            if (mode !== MeshMode.External) return <EmptyState title={t('adopt.already')} />
            if (members.some(({ cluster }) => cluster !== controlPlane.cluster))
              return <EmptyState title={t('adopt.obstacles.severalClusters')} />
            return (
              <AdoptReview
                cluster={controlPlane.cluster}
                namespace={controlPlane.namespace ?? 'istio-system'}
                name={name}
                displayName={displayName}
                isProtected={isProtected === true}
                base={object}
                onBack={back}
                onDone={back}
              />
            )
          }}
        </QueryView>
      )}
    </Page>
  )
}
