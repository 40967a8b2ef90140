import type { KindId } from '@meshdeck/kube'
import { useNavigate } from '@tanstack/react-router'
import Button from 'antd/es/button'
import { useTranslation } from 'react-i18next'
import { useMeshScope } from '../lib/mesh-scope.ts'
import { places } from '../lib/places.ts'
import { useMayCreate } from './may-create.ts'

/** Leads to the form for a new object; there for those who may create one somewhere in the mesh. */
export function CreateButton({ kind, namespaces }: { kind: KindId; namespaces: readonly string[] }) {
  const { t } = useTranslation('resources')
  const { mesh } = useMeshScope()
  const navigate = useNavigate()
  const { allowed } = useMayCreate(kind)
  if (!allowed) return null
  const [only] = namespaces
  const search = namespaces.length === 1 && only !== undefined ? { namespace: only } : {}
  return (
    <Button type="primary" onClick={() => void navigate(places.kindCreate(mesh, kind, search))}>
      {t('list.create', { kind: t(`kinds.${kind}.singular`) })}
    </Button>
  )
}
