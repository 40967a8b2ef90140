import type { MeshView } from '@meshdeck/contract'
import { useTranslation } from 'react-i18next'
import { StatusDot, type StatusTone } from '../../components/status-dot.tsx'
import { meshPhaseTone } from '../../resource-kit/mesh-phase.ts'

type Member = MeshView['clusters'][number]

/** Clusters of a mesh, that of the control plane first; how one is stands in words unless all is well. */
export function MeshMembers({ mesh }: { mesh: MeshView }) {
  const { t } = useTranslation('meshes')
  const isControlPlane = ({ name }: Member) => name === mesh.controlPlaneCluster
  const members = mesh.clusters.toSorted((a, b) => Number(isControlPlane(b)) - Number(isControlPlane(a)))
  return (
    <ul className="md-mesh-members" aria-label={t('members')}>
      {members.map((member) => (
        <li key={member.name}>
          <MemberDot member={member} />
          {isControlPlane(member) && <span className="md-muted">{t('controlPlaneOf')}</span>}
        </li>
      ))}
    </ul>
  )
}

function MemberDot({ member }: { member: Member }) {
  const { t } = useTranslation('meshes')
  const { name, state, phase } = member
  const well = state === 'reachable' && (phase === undefined || phase === 'Running')
  const word =
    state === 'reachable' && phase !== undefined
      ? t(`glossary:meshPhase.${phase}`)
      : t(`glossary:clusterState.${state}`)
  return (
    <StatusDot tone={toneOf(member)}>
      {name}
      {!well && ` · ${word}`}
    </StatusDot>
  )
}

/** Reachability is known at once; the controller's phase says more of a cluster that answers. */
function toneOf({ state, phase }: Member): StatusTone {
  if (state !== 'reachable') return state === 'lost' ? 'error' : 'unknown'
  return phase === undefined ? 'success' : meshPhaseTone(phase)
}
