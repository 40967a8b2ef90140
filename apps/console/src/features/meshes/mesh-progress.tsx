import type { MeshView } from '@meshdeck/contract'
import { HUB } from '@meshdeck/kube'
import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import Button from 'antd/es/button'
import { useTranslation } from 'react-i18next'
import { FailureBanners } from '../../components/failure-banners.tsx'
import { QueryView } from '../../components/states.tsx'
import { useCan } from '../../lib/access.ts'
import { places } from '../../lib/places.ts'
import { ConditionsTable } from '../../resource-kit/conditions-table.tsx'
import { useRetryMesh } from '../../resource-kit/mesh-life.ts'
import { meshQueries } from '../../resource-kit/mesh-queries.ts'
import { ClusterProgress } from './cluster-progress.tsx'
import { MeshPhaseDot, needsAttention, obstaclesOf } from './mesh-facts.tsx'
import { MeshMembers } from './mesh-members.tsx'
import { progressQuery } from './progress-query.ts'

/** Last step: what the controller has found so far. It changes by itself; leaving stops nothing. */
export function MeshProgress({ name }: { name: string }) {
  const { t } = useTranslation(['fleet', 'meshes'])
  const navigate = useNavigate()
  const query = useQuery(meshQueries.list())
  return (
    <QueryView query={query}>
      {({ items }) => {
        const mesh = items.find((each) => each.name === name)
        return (
          <section className="md-card" aria-label={t('meshes.create.steps.progress')}>
            <header>
              <h2>{name}</h2>
              {mesh && <MeshPhaseDot mesh={mesh} />}
            </header>
            <div className="md-card-body md-stack">
              {mesh ? <Findings mesh={mesh} /> : <p role="status">{t('meshes:progress.awaited', { name })}</p>}
              <div className="md-buttons">
                {mesh && mesh.phase !== 'Running' && <RetryButton name={name} />}
                <Button onClick={() => void navigate(places.meshes())}>{t('meshes.create.toMeshes')}</Button>
                {mesh && (
                  <Button type="primary" onClick={() => void navigate(places.overview(name))}>
                    {t('meshes.create.toOverview')}
                  </Button>
                )}
              </div>
            </div>
          </section>
        )
      }}
    </QueryView>
  )
}

/** For who has mended something and does not want to wait until the controller looks again. */
function RetryButton({ name }: { name: string }) {
  const { t } = useTranslation('lifecycle')
  const { allowed } = useCan('update', 'Mesh', { cluster: HUB })
  const retry = useRetryMesh(name, t('retry.asked', { name }))
  if (!allowed) return null
  return (
    <Button loading={retry.isPending} onClick={() => retry.mutate()}>
      {t('retry.now')}
    </Button>
  )
}

function Findings({ mesh }: { mesh: MeshView }) {
  const { t } = useTranslation(['fleet', 'meshes'])
  const { name } = mesh
  const obstacles = obstaclesOf(mesh)
  const stuck = needsAttention(mesh)
  return (
    <>
      <div role="status" className="md-stack">
        <p>
          {mesh.phase === 'Running'
            ? t('meshes.create.running', { name })
            : stuck
              ? t('meshes:progress.attention', { name })
              : t(mesh.mode !== 'External' ? 'meshes:creating' : 'meshes.create.waiting', { name })}
        </p>
        {obstacles.length > 0 && (
          <div>
            {!stuck && t('meshes:progress.waitsFor')}
            <ul>
              {obstacles.map((obstacle) => (
                <li key={obstacle}>{obstacle}</li>
              ))}
            </ul>
          </div>
        )}
      </div>
      {mesh.mode === 'External' ? (
        <>
          <MeshMembers mesh={mesh} />
          <ConditionsTable conditions={mesh.conditions} label={t('conditions.title')} />
        </>
      ) : (
        <Installation mesh={name} />
      )}
    </>
  )
}

/** What the controller does in each cluster of a mesh that Meshdeck installs. */
function Installation({ mesh }: { mesh: string }) {
  const { t } = useTranslation(['fleet', 'mesh-progress'])
  const query = useQuery(progressQuery(mesh))
  return (
    <QueryView query={query}>
      {({ clusters, conditions, created, failures }) => (
        <>
          <FailureBanners failures={failures} />
          {clusters.length > 1 && <ConditionsTable conditions={conditions} label={t('conditions.title')} />}
          {clusters.map((each) => (
            <ClusterProgress
              key={each.cluster}
              progress={each}
              created={created}
              label={clusters.length > 1 ? t('mesh-progress:steps', { cluster: each.cluster }) : t('conditions.title')}
            />
          ))}
        </>
      )}
    </QueryView>
  )
}
