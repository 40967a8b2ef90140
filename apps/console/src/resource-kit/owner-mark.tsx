import type { KubeResource } from '@meshdeck/kube'
import { ownerOf } from '@meshdeck/mesh'
import Tooltip from 'antd/es/tooltip'
import { useTranslation } from 'react-i18next'

/** Names the tool that keeps an object, beside its name in a list. */
export function OwnerMark({ resource }: { resource: KubeResource }) {
  const { t } = useTranslation('history')
  const owner = ownerOf(resource)
  if (owner === undefined || owner.by === 'controller') return undefined
  return (
    <Tooltip title={t('commit.title', { by: owner.by, name: owner.name })}>
      <span className="ant-tag" tabIndex={0}>
        {owner.by}
      </span>
    </Tooltip>
  )
}
