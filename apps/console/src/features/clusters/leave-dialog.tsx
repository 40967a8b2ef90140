import type { ClusterView } from '@meshdeck/contract'
import { paths } from '@meshdeck/contract'
import { HUB } from '@meshdeck/kube'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import Alert from 'antd/es/alert'
import Modal from 'antd/es/modal'
import { useTranslation } from 'react-i18next'
import { AppLink } from '../../components/app-link.tsx'
import { CommandBox } from '../../components/command-box.tsx'
import { ConfirmNameDialog } from '../../components/confirm-name-dialog.tsx'
import { useProblemText } from '../../components/problem-text.tsx'
import { api } from '../../lib/api.ts'
import { places } from '../../lib/places.ts'
import { invalidateKind } from '../../resource-kit/resource-queries.ts'

export interface LeaveDialogProps {
  cluster: ClusterView
  /** `left`: the cluster is gone from the fleet. */
  onClose: (left: boolean) => void
}

/** Lets a cluster go: its record and stored credential are deleted, what runs in it stays. One that a mesh needs stays. */
export function LeaveDialog({ cluster, onClose }: LeaveDialogProps) {
  const { t } = useTranslation('fleet')
  const client = useQueryClient()
  const describe = useProblemText()
  const leave = useMutation({
    mutationFn: () => api.delete(paths.cluster(cluster.name)),
    meta: { silent: true, success: t('clusters.leave.done', { name: cluster.name }) },
    onSuccess: () => {
      invalidateKind(client, HUB, 'Cluster')
      onClose(true)
    },
  })
  const title = t('clusters.leave.title', { name: cluster.name })
  if (cluster.meshes.length > 0) {
    return (
      <Modal open title={title} footer={null} onCancel={() => onClose(false)}>
        <div className="md-stack">
          <p>{t('clusters.leave.inUse')}</p>
          <ul className="md-affected" aria-label={t('clusters.meshes')}>
            {cluster.meshes.map((mesh) => (
              <li key={mesh}>
                <AppLink place={places.meshClusters(mesh)}>{mesh}</AppLink>
              </li>
            ))}
          </ul>
        </div>
      </Modal>
    )
  }
  const failure = leave.error && describe(leave.error)
  return (
    <ConfirmNameDialog
      title={title}
      name={cluster.name}
      label={t('typeName', { name: cluster.name })}
      okText={t('clusters.leave.ok')}
      running={leave.isPending}
      onConfirm={() => leave.mutate()}
      onClose={() => onClose(false)}
    >
      <p>{t('clusters.leave.what')}</p>
      <CommandBox command={`kubectl delete cluster.meshdeck.io ${cluster.name}`} />
      {failure && <Alert type="error" showIcon title={failure.title} description={failure.detail ?? failure.hint} />}
    </ConfirmNameDialog>
  )
}
