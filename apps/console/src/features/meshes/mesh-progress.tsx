import type { MeshView } from '@meshdeck/contract'
import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import Button from 'antd/es/button'
import { useTranslation } from 'react-i18next'
import { QueryView } from '../../components/states.tsx'
import { places } from '../../lib/places.ts'
import { ConditionsTable } from '../../resource-kit/conditions-table.tsx'
import { meshQueries } from '../../resource-kit/mesh-queries.ts'
import { MeshPhaseDot, needsAttention, obstaclesOf } from './mesh-facts.tsx'
import { MeshMembers } from './mesh-members.tsx'

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
      <MeshMembers mesh={mesh} />
      <ConditionsTable conditions={mesh.conditions} label={t('conditions.title')} />
    </>
  )
}
