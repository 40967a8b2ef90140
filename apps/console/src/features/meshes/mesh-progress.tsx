import { useQuery } from '@tanstack/react-query'
import Button from 'antd/es/button'
import { useNavigate } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { LoadingState, QueryView } from '../../components/states.tsx'
import { StatusDot } from '../../components/status-dot.tsx'
import { places } from '../../lib/places.ts'
import { ConditionsTable } from '../../resource-kit/conditions-table.tsx'
import { meshPhaseTone } from '../../resource-kit/mesh-phase.ts'
import { meshQueries } from '../../resource-kit/mesh-queries.ts'
import { MeshPhaseDot } from './mesh-facts.tsx'

/** Last step: what the controller has found so far. It changes by itself; leaving stops nothing. */
export function MeshProgress({ name }: { name: string }) {
  const { t } = useTranslation('fleet')
  const navigate = useNavigate()
  const query = useQuery(meshQueries.list())
  return (
    <QueryView query={query}>
      {({ items }) => {
        const mesh = items.find((each) => each.name === name)
        if (!mesh) return <LoadingState />
        const running = mesh.phase === 'Running'
        return (
          <section className="md-card" aria-label={t('meshes.create.steps.progress')}>
            <header>
              <h2>{name}</h2>
              <MeshPhaseDot mesh={mesh} />
            </header>
            <div className="md-card-body md-stack">
              <p role="status">{t(running ? 'meshes.create.running' : 'meshes.create.waiting', { name })}</p>
              <ConditionsTable conditions={mesh.conditions} label={t('conditions.title')} />
              <ul className="md-affected" aria-label={t('meshes.create.members')}>
                {mesh.clusters.map((cluster) => (
                  <li key={cluster.name}>
                    <strong>{cluster.name}</strong>{' '}
                    {cluster.phase ? (
                      <StatusDot tone={meshPhaseTone(cluster.phase)}>
                        {t(`glossary:meshPhase.${cluster.phase}`)}
                      </StatusDot>
                    ) : (
                      <StatusDot tone="unknown">{t('meshes.create.notLooked')}</StatusDot>
                    )}
                  </li>
                ))}
              </ul>
              <div className="md-buttons">
                <Button onClick={() => void navigate(places.meshes())}>{t('meshes.create.toMeshes')}</Button>
                <Button type="primary" onClick={() => void navigate(places.overview(name))}>
                  {t('meshes.create.toOverview')}
                </Button>
              </div>
            </div>
          </section>
        )
      }}
    </QueryView>
  )
}
