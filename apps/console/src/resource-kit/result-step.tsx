import { HUB, type ResourceRef } from '@meshdeck/kube'
import Alert from 'antd/es/alert'
import { useTranslation } from 'react-i18next'
import { AppLink } from '../components/app-link.tsx'
import { CommandBox } from '../components/command-box.tsx'
import { StatusDot } from '../components/status-dot.tsx'
import { places } from '../lib/places.ts'
import { kubectl } from './kubectl.ts'

export interface ResultStepProps {
  mesh: string
  object: ResourceRef
  created: boolean
  warnings: readonly string[]
}

/** The third step: what came of it in the cluster, and where to go from here. */
export function ResultStep({ mesh, object, created, warnings }: ResultStepProps) {
  const { t } = useTranslation(['editor', 'resources'])
  // The record of the mesh itself lies on the hub, and has the mesh's own pages.
  const isMesh = object.kind === 'Mesh'
  return (
    <section className="md-card md-card-body md-stack" role="status">
      <div>
        <StatusDot tone="success">
          {t(isMesh ? 'result.meshUpdated' : created ? 'result.created' : 'result.updated', {
            kind: t(`resources:kinds.${object.kind}.singular`),
            name: [object.namespace, object.name].filter(Boolean).join(' / '),
            cluster: object.cluster === HUB ? t('result.hub') : object.cluster,
          })}
        </StatusDot>
      </div>
      {warnings.map((warning) => (
        <Alert key={warning} type="warning" showIcon title={warning} />
      ))}
      <div className="md-links">
        <AppLink
          place={isMesh ? places.overview(mesh) : places.object(mesh, { ...object, namespace: object.namespace })}
        >
          {t('result.open')}
        </AppLink>
        <AppLink place={isMesh ? places.meshes() : places.kindList(mesh, object.kind)}>
          {t('result.list', { kinds: t(`resources:kinds.${object.kind}.plural`) })}
        </AppLink>
      </div>
      <CommandBox title={t('result.see')} command={kubectl.get(object)} />
    </section>
  )
}
