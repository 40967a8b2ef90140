import type { MeshView } from '@meshdeck/contract'
import { useTranslation } from 'react-i18next'
import { StatusDot } from '../../components/status-dot.tsx'
import { meshPhaseTone } from '../../resource-kit/mesh-phase.ts'

/** Phase of a mesh; why it is so on hover and on focus. */
export function MeshPhaseDot({ mesh }: { mesh: MeshView }) {
  const { t } = useTranslation()
  const reason = mesh.conditions.length === 0 ? undefined : <MeshReasons mesh={mesh} />
  return (
    <StatusDot tone={meshPhaseTone(mesh.phase)} reason={reason}>
      {t(`glossary:meshPhase.${mesh.phase}`)}
    </StatusDot>
  )
}

function MeshReasons({ mesh }: { mesh: MeshView }) {
  return (
    <ul>
      {mesh.conditions.map(({ type, message }) => (
        <li key={type}>{message}</li>
      ))}
    </ul>
  )
}

/** What stands in the way, in the controller's words, the one to tell first in front. */
export const obstaclesOf = (mesh: MeshView): string[] =>
  mesh.conditions.filter(({ status }) => status !== 'True').map(({ message }) => message)

/** Whether somebody should look: it is not well, or a cluster of it is lost. */
export const needsAttention = ({ phase, clusters }: MeshView): boolean =>
  phase === 'Failed' || phase === 'Degraded' || clusters.some(({ state }) => state === 'lost')

/** Istio's version, and a mark when there is a newer one to upgrade to. */
export function MeshVersion({ mesh: { version, upgrade } }: { mesh: MeshView }) {
  const { t } = useTranslation('fleet')
  return (
    <>
      {version ?? '–'}
      {upgrade !== undefined && (
        <>
          {' '}
          <StatusDot tone="info" reason={t('meshes.upgrade.reason', { version: upgrade })}>
            {t('meshes.upgrade.to', { version: upgrade })}
          </StatusDot>
        </>
      )}
    </>
  )
}
