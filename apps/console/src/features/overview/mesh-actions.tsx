import type { MeshView } from '@meshdeck/contract'
import { HUB } from '@meshdeck/kube'
import { useNavigate } from '@tanstack/react-router'
import Button from 'antd/es/button'
import { lazy, Suspense, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useCan } from '../../lib/access.ts'
import { places } from '../../lib/places.ts'
import { useRetryMesh } from '../../resource-kit/mesh-life.ts'

const DeleteMeshDialog = lazy(() =>
  import('../../resource-kit/delete-mesh-dialog.tsx').then((module) => ({ default: module.DeleteMeshDialog })),
)

/** What can be done with a mesh as a whole, in whatever state it is. */
export function MeshActions({ mesh }: { mesh: MeshView }) {
  const { t } = useTranslation(['common', 'lifecycle', 'mesh-progress'])
  const navigate = useNavigate()
  const update = useCan('update', 'Mesh', { cluster: HUB })
  const remove = useCan('delete', 'Mesh', { cluster: HUB })
  const retry = useRetryMesh(mesh.name, t('lifecycle:retry.asked', { name: mesh.name }))
  const [deleting, setDeleting] = useState(false)
  const isDeleting = mesh.phase === 'Deleting'
  return (
    <>
      {update.allowed && mesh.phase !== 'Running' && (
        <Button loading={retry.isPending} onClick={() => retry.mutate()}>
          {t('lifecycle:retry.now')}
        </Button>
      )}
      {mesh.phase !== 'Running' && !isDeleting && (
        <Button onClick={() => void navigate(places.meshProgress(mesh.name, mesh.mode.toLowerCase()))}>
          {t('mesh-progress:open')}
        </Button>
      )}
      {update.allowed && mesh.mode === 'External' && mesh.clusters.length === 1 && (
        <Button onClick={() => void navigate(places.adoptMesh(mesh.name))}>{t('lifecycle:adopt.offer')}</Button>
      )}
      {update.allowed && !isDeleting && (
        <Button onClick={() => void navigate(places.editMesh(mesh.name))}>{t('actions.edit')}</Button>
      )}
      {remove.allowed && (
        <Button danger onClick={() => setDeleting(true)}>
          {isDeleting ? t('lifecycle:force.offer') : t('actions.delete')}
        </Button>
      )}
      {deleting && (
        <Suspense fallback={null}>
          <DeleteMeshDialog mesh={mesh} onClose={() => setDeleting(false)} />
        </Suspense>
      )}
    </>
  )
}
