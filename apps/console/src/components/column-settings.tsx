import SettingOutlined from '@ant-design/icons/es/icons/SettingOutlined'
import Button from 'antd/es/button'
import Checkbox from 'antd/es/checkbox'
import Popover from 'antd/es/popover'
import { useRef, useState, type KeyboardEvent } from 'react'
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
  const [open, setOpen] = useState(false)
  const button = useRef<HTMLButtonElement>(null)
  const choices = useRef<HTMLDivElement>(null)
  const optional = columns.filter((column) => !column.fixed)
  const handleChange = (shown: string[]) =>
    setPreferences({
      hiddenColumns: {
        ...preferences.hiddenColumns,
        [tableId]: optional.map((column) => column.id).filter((id) => !shown.includes(id)),
      },
    })
  /** Escape, and Tab past the last choice, lead back to where the reader came from. */
  const handleKey = (event: KeyboardEvent) => {
    const inputs = [...(choices.current?.querySelectorAll('input') ?? [])]
    const end = event.shiftKey ? inputs[0] : inputs.at(-1)
    if (event.key !== 'Escape' && !(event.key === 'Tab' && document.activeElement === end)) return
    event.preventDefault()
    button.current?.focus()
    setOpen(false)
  }
  return (
    <Popover
      trigger="click"
      placement="bottomRight"
      title={t('list.columns')}
      open={open}
      onOpenChange={setOpen}
      // The choices stand at the end of the container, far from the button in the order of Tab.
      afterOpenChange={(shown) => {
        if (shown) choices.current?.querySelector('input')?.focus()
        else if (choices.current?.contains(document.activeElement)) button.current?.focus()
      }}
      content={
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- the keys are those of the inputs inside
        <div ref={choices} role="group" aria-label={t('list.columns')} onKeyDown={handleKey}>
          <Checkbox.Group
            className="md-column-settings"
            value={optional.map((column) => column.id).filter((id) => !hidden.includes(id))}
            options={optional.map((column) => ({ value: column.id, label: column.title }))}
            onChange={handleChange}
          />
        </div>
      }
    >
      <Button
        ref={button}
        type="text"
        icon={<SettingOutlined />}
        aria-label={t('list.columns')}
        aria-expanded={open}
        title={t('list.columns')}
      />
    </Popover>
  )
}
