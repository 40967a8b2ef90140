import type { KubeResource } from '@meshdeck/kube'
import { ownerOf } from '@meshdeck/mesh'
import Tag from 'antd/es/tag'
import Tooltip from 'antd/es/tooltip'
import { useTranslation } from 'react-i18next'

/** Names the tool that keeps an object, beside its name in a list. */
export function OwnerMark({ resource }: { resource: KubeResource }) {
  const { t } = useTranslation('history')
  const owner = ownerOf(resource)
  if (owner === undefined || owner.by === 'controller') return undefined
  return (
    <Tooltip title={t('commit.title', { by: owner.by, name: owner.name })}>
      <Tag tabIndex={0}>{owner.by}</Tag>
    </Tooltip>
  )
}
