import type { MeshView } from '@meshdeck/contract'
import { HUB } from '@meshdeck/kube'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import Alert from 'antd/es/alert'
import Modal from 'antd/es/modal'
import { useTranslation } from 'react-i18next'
import { CommandBox } from '../../components/command-box.tsx'
import { ConfirmNameDialog } from '../../components/confirm-name-dialog.tsx'
import { useProblemText } from '../../components/problem-text.tsx'
import { invalidateKind, resourceWrites } from '../../resource-kit/resource-queries.ts'

/** Takes an external mesh off the list, or has the Istio of one that was created here removed; the dialog says which. */
export function DeleteMeshDialog({ mesh, onClose }: { mesh: MeshView; onClose: () => void }) {
  const { t } = useTranslation(['fleet', 'meshes'])
  const installed = mesh.mode !== 'External'
  const injected = mesh.counters.pods?.injected ?? 0
  const client = useQueryClient()
  const describe = useProblemText()
  const remove = useMutation({
    mutationFn: () => resourceWrites.delete({ cluster: HUB, kind: 'Mesh', name: mesh.name }),
    meta: { silent: true, success: t('meshes.delete.done', { name: mesh.name }) },
    onSuccess: () => {
      invalidateKind(client, HUB, 'Mesh')
      onClose()
    },
  })
  if (mesh.protected) {
    return (
      <Modal open title={t('meshes.delete.title', { name: mesh.name })} footer={null} onCancel={onClose}>
        <p>{t('meshes.delete.protected')}</p>
        <CommandBox
          command={`kubectl patch mesh.meshdeck.io ${mesh.name} --type merge -p '{"spec":{"protected":false}}'`}
        />
      </Modal>
    )
  }
  const failure = remove.error && describe(remove.error)
  return (
    <ConfirmNameDialog
      title={t('meshes.delete.title', { name: mesh.name })}
      name={mesh.name}
      label={t('typeName', { name: mesh.name })}
      okText={t('actions.delete')}
      running={remove.isPending}
      onConfirm={() => remove.mutate()}
      onClose={onClose}
    >
      <p>{t(installed ? 'meshes:delete.what' : 'meshes.delete.what')}</p>
      <ul className="md-affected" aria-label={t('meshes.delete.affected')}>
        {mesh.clusters.map(({ name }) => (
          <li key={name}>{t(installed ? 'meshes:delete.cluster' : 'meshes.delete.cluster', { name })}</li>
        ))}
        {installed && injected > 0 && <li>{t('meshes:delete.sidecars', { count: injected })}</li>}
      </ul>
      <CommandBox command={`kubectl delete mesh.meshdeck.io ${mesh.name}`} />
      {failure && <Alert type="error" showIcon title={failure.title} description={failure.detail ?? failure.hint} />}
    </ConfirmNameDialog>
  )
}
