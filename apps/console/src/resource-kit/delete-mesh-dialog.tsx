import type { MeshView } from '@meshdeck/contract'
import { HUB } from '@meshdeck/kube'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import Alert from 'antd/es/alert'
import Button from 'antd/es/button'
import Modal from 'antd/es/modal'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { CommandBox } from '../components/command-box.tsx'
import { ConfirmNameDialog } from '../components/confirm-name-dialog.tsx'
import { useProblemText } from '../components/problem-text.tsx'
import { QueryView } from '../components/states.tsx'
import { ForceDeleteDialog } from './force-delete-dialog.tsx'
import { removalQuery } from './mesh-life.ts'
import { RemovalChecks } from './removal-checks.tsx'
import { invalidateKind, resourceWrites } from './resource-queries.ts'

export interface DeleteMeshDialogProps {
  mesh: MeshView
  onClose: () => void
}

/**
 * Takes an external mesh off the list, or has the Istio of one that was created here removed. What depends on the mesh is
 * looked at first; a mesh that cannot go of itself can be forced off.
 */
export function DeleteMeshDialog({ mesh, onClose }: DeleteMeshDialogProps) {
  const { t } = useTranslation(['fleet', 'meshes', 'lifecycle'])
  const isStuck = mesh.phase === 'Deleting'
  const [forced, setForced] = useState(isStuck)
  if (forced) {
    return <ForceDeleteDialog mesh={mesh.name} onClose={onClose} />
  }
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
  return <DeleteDialog mesh={mesh} onClose={onClose} onForce={() => setForced(true)} />
}

function DeleteDialog({ mesh, onClose, onForce }: DeleteMeshDialogProps & { onForce: () => void }) {
  const { t } = useTranslation(['fleet', 'meshes', 'lifecycle'])
  const installed = mesh.mode !== 'External'
  const lost = installed ? mesh.clusters.filter(({ state }) => state === 'lost').map(({ name }) => name) : []
  const removal = useQuery(removalQuery(mesh.name))
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
      <QueryView query={removal}>
        {({ checks, made }) => (
          <div className="md-stack">
            <RemovalChecks mesh={mesh.name} checks={checks} />
            {made.some(({ objects }) => objects.length > 0) && (
              <details>
                <summary>{t('lifecycle:delete.goes')}</summary>
                {made.map(({ cluster, objects }) => (
                  <p key={cluster} className="md-muted">
                    {cluster}: {objects.map(({ kind, name }) => `${kind} ${name}`).join(', ')}
                  </p>
                ))}
              </details>
            )}
          </div>
        )}
      </QueryView>
      <ul className="md-affected" aria-label={t('meshes.delete.affected')}>
        {mesh.clusters.map(({ name }) => (
          <li key={name}>{t(installed ? 'meshes:delete.cluster' : 'meshes.delete.cluster', { name })}</li>
        ))}
      </ul>
      {lost.length > 0 && (
        <Alert
          type="warning"
          showIcon
          title={t('lifecycle:delete.lost', { clusters: lost.join(', ') })}
          action={
            <Button size="small" danger onClick={onForce}>
              {t('lifecycle:force.offer')}
            </Button>
          }
        />
      )}
      <CommandBox command={`kubectl delete mesh.meshdeck.io ${mesh.name}`} />
      {failure && <Alert type="error" showIcon title={failure.title} description={failure.detail ?? failure.hint} />}
    </ConfirmNameDialog>
  )
}
