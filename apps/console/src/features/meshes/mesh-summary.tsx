import type { MeshView } from '@meshdeck/contract'
import { useTranslation } from 'react-i18next'
import { needsAttention } from './mesh-facts.tsx'

/** The fleet in one line: how many meshes on how many clusters, and whether somebody should look. */
export function MeshSummary({ meshes }: { meshes: readonly MeshView[] }) {
  const { t } = useTranslation('meshes')
  if (meshes.length === 0) return null
  const clusters = new Set(meshes.flatMap((mesh) => mesh.clusters.map(({ name }) => name)))
  const attention = meshes.filter(needsAttention).length
  return (
    <p className="md-muted">
      {t('summary.line', {
        meshes: t('summary.meshes', { count: meshes.length }),
        clusters: t('summary.clusters', { count: clusters.size }),
      })}
      {attention > 0 && ` · ${t('summary.attention', { count: attention })}`}
    </p>
  )
}
