import MoreOutlined from '@ant-design/icons/es/icons/MoreOutlined'
import Button from 'antd/es/button'
import Dropdown from 'antd/es/dropdown'
import { useTranslation } from 'react-i18next'

export interface RowAction {
  key: string
  label: string
  danger?: boolean
  onClick: () => void
}

/** What can be done to one thing of a list; nothing is shown when that is nothing. */
export function RowMenu({ actions, name }: { actions: readonly RowAction[]; name: string }) {
  const { t } = useTranslation()
  if (actions.length === 0) return null
  return (
    <Dropdown
      trigger={['click']}
      autoFocus
      menu={{
        items: actions.map(({ key, label, danger, onClick }) => ({ key, label, danger: danger ?? false, onClick })),
      }}
    >
      <Button
        type="text"
        size="small"
        icon={<MoreOutlined />}
        aria-label={t('actions.more', { name })}
        aria-haspopup="menu"
      />
    </Dropdown>
  )
}
