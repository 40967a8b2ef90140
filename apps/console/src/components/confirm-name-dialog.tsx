import Input from 'antd/es/input'
import Modal from 'antd/es/modal'
import { useId, useState, type ReactNode } from 'react'

export interface ConfirmNameDialogProps {
  title: string
  /** What has to be typed. */
  name: string
  /** Asks for it. */
  label: string
  okText: string
  running: boolean
  /** Whether there is nothing to confirm yet. */
  disabled?: boolean
  onConfirm: () => void
  onClose: () => void
  /** What will be affected, and what went wrong. */
  children: ReactNode
}

/** Asks for a name to be typed before something is done that nothing brings back. */
export function ConfirmNameDialog(props: ConfirmNameDialogProps) {
  const id = useId()
  const [typed, setTyped] = useState('')
  const { name, running, disabled = false } = props
  const ready = typed === name && !disabled
  return (
    <Modal
      open
      width={640}
      title={props.title}
      okText={props.okText}
      okType="danger"
      okButtonProps={{ disabled: !ready, loading: running }}
      cancelButtonProps={{ disabled: running }}
      onOk={props.onConfirm}
      onCancel={() => !running && props.onClose()}
      mask={{ closable: false }}
    >
      <div className="md-stack">
        {props.children}
        <label htmlFor={id}>{props.label}</label>
        <Input
          id={id}
          value={typed}
          autoComplete="off"
          autoFocus
          disabled={running}
          onChange={(event) => setTyped(event.target.value)}
          onPressEnter={() => ready && props.onConfirm()}
        />
      </div>
    </Modal>
  )
}
