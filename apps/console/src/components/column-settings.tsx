import SettingOutlined from '@ant-design/icons/es/icons/SettingOutlined'
import Button from 'antd/es/button'
import Checkbox from 'antd/es/checkbox'
import Popover from 'antd/es/popover'
import { useTranslation } from 'react-i18next'
import { usePreferences } from '../lib/preferences.tsx'

export interface ColumnSettingsProps {
  tableId: string
  columns: readonly { id: string; title: string; fixed?: boolean }[]
}

/** Chooses which columns a table shows; kept for the user. */
export function ColumnSettings({ tableId, columns }: ColumnSettingsProps) {
  const { t } = useTranslation()
  const [preferences, setPreferences] = usePreferences()
  const hidden = preferences.hiddenColumns[tableId] ?? []
  const optional = columns.filter((column) => !column.fixed)
  const handleChange = (shown: string[]) =>
    setPreferences({
      hiddenColumns: {
        ...preferences.hiddenColumns,
        [tableId]: optional.map((column) => column.id).filter((id) => !shown.includes(id)),
      },
    })
  return (
    <Popover
      trigger="click"
      placement="bottomRight"
      title={t('list.columns')}
      content={
        <Checkbox.Group
          className="md-column-settings"
          value={optional.map((column) => column.id).filter((id) => !hidden.includes(id))}
          options={optional.map((column) => ({ value: column.id, label: column.title }))}
          onChange={handleChange}
        />
      }
    >
      <Button type="text" icon={<SettingOutlined />} aria-label={t('list.columns')} title={t('list.columns')} />
    </Popover>
  )
}
