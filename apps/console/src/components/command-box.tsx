import CheckOutlined from '@ant-design/icons/es/icons/CheckOutlined'
import CopyOutlined from '@ant-design/icons/es/icons/CopyOutlined'
import Button from 'antd/es/button'
import { useTranslation } from 'react-i18next'
import { useCopy } from './use-copy.ts'

export interface CommandBoxProps {
  /** The command that does the same; several lines are kept. */
  command: string
  title?: string
}

/** The command that equals an action, with a button that copies it. */
export function CommandBox({ command, title }: CommandBoxProps) {
  const { t } = useTranslation()
  const { shown, done, copy } = useCopy<HTMLPreElement>(command)
  return (
    <section className="md-command" aria-label={title ?? t('command.title')}>
      <header>
        <strong>{title ?? t('command.title')}</strong>
        <Button size="small" icon={done ? <CheckOutlined /> : <CopyOutlined />} onClick={() => void copy()}>
          {done ? t('command.copied') : t('command.copy')}
        </Button>
      </header>
      <pre ref={shown}>{command}</pre>
    </section>
  )
}
