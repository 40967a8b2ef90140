import CheckOutlined from '@ant-design/icons/es/icons/CheckOutlined'
import CopyOutlined from '@ant-design/icons/es/icons/CopyOutlined'
import Button from 'antd/es/button'
import { useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'

export interface CommandBoxProps {
  /** The command that does the same; several lines are kept. */
  command: string
  title?: string
}

/** The command that equals an action, with a button that copies it. */
export function CommandBox({ command, title }: CommandBoxProps) {
  const { t } = useTranslation()
  const [copied, setCopied] = useState<string>()
  const text = useRef<HTMLPreElement>(null)
  const done = copied === command
  const handleCopy = async () => {
    try {
      await navigator.clipboard.writeText(command)
      setCopied(command)
    } catch {
      // No clipboard for scripts over plain http, or the user said no: one key is left to be struck.
      if (text.current) window.getSelection()?.selectAllChildren(text.current)
    }
  }
  return (
    <section className="md-command" aria-label={title ?? t('command.title')}>
      <header>
        <strong>{title ?? t('command.title')}</strong>
        <Button size="small" icon={done ? <CheckOutlined /> : <CopyOutlined />} onClick={() => void handleCopy()}>
          {done ? t('command.copied') : t('command.copy')}
        </Button>
      </header>
      <pre ref={text}>{command}</pre>
    </section>
  )
}
