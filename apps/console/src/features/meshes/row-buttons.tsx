import DeleteOutlined from '@ant-design/icons/es/icons/DeleteOutlined'
import PlusOutlined from '@ant-design/icons/es/icons/PlusOutlined'
import Button from 'antd/es/button'
import type { ReactNode } from 'react'

interface AddButtonProps {
  onClick: () => void
  children: ReactNode
}

/** Adds a row to a list that is filled in. */
export function AddButton({ onClick, children }: AddButtonProps) {
  return (
    <div>
      <Button icon={<PlusOutlined aria-hidden />} onClick={onClick}>
        {children}
      </Button>
    </div>
  )
}

interface RemoveButtonProps {
  label: string
  onClick: () => void
}

/** Takes a row out of a list that is filled in. */
export function RemoveButton({ label, onClick }: RemoveButtonProps) {
  return <Button type="text" icon={<DeleteOutlined aria-hidden />} aria-label={label} title={label} onClick={onClick} />
}
