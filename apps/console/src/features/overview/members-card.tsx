import type { MeshView } from '@meshdeck/contract'
import { useTranslation } from 'react-i18next'
import { AppLink } from '../../components/app-link.tsx'
import { StatusDot, type StatusTone } from '../../components/status-dot.tsx'
import { places } from '../../lib/places.ts'
import { meshPhaseTone } from '../../resource-kit/mesh-phase.ts'

type Member = MeshView['clusters'][number]

const TONES: Record<Member['state'], StatusTone> = { reachable: 'success', lost: 'error', unknown: 'unknown' }

/** The clusters of the mesh and how each is. */
export function MembersCard({ mesh }: { mesh: MeshView }) {
  const { t } = useTranslation('overview')
  return (
    <section className="md-card" aria-label={t('members.title')}>
      <header>
        <h2>{t('members.title')}</h2>
        <AppLink place={places.meshClusters(mesh.name)}>{t('members.all')}</AppLink>
      </header>
      <table className="md-plain-table" aria-label={t('members.title')}>
        <thead>
          <tr>
            <th scope="col">{t('glossary:cluster')}</th>
            <th scope="col">{t('members.connection')}</th>
            <th scope="col">{t('members.phase')}</th>
          </tr>
        </thead>
        <tbody>
          {mesh.clusters.map(({ name, state, phase }) => (
            <tr key={name}>
              <td>
                <AppLink place={places.cluster(name)}>{name}</AppLink>
              </td>
              <td>
                <StatusDot tone={TONES[state]}>{t(`glossary:clusterState.${state}`)}</StatusDot>
              </td>
              <td>
                {phase === undefined ? (
                  '–'
                ) : (
                  <StatusDot tone={meshPhaseTone(phase)}>{t(`glossary:meshPhase.${phase}`)}</StatusDot>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}
