import { useBlocker } from '@tanstack/react-router'
import Modal from 'antd/es/modal'
import { useTranslation } from 'react-i18next'

/** The same editor, whichever of its two views. */
const editorOf = (path: string): string => path.replace(/\/-(edit|yaml)$/, '')

/** Keeps people from leaving what they typed behind without saying so: by link, by Back, by closing the tab. */
export function LeaveGuard({ dirty }: { dirty: boolean }) {
  const { t } = useTranslation('editor')
  const blocker = useBlocker({
    shouldBlockFn: ({ current, next }) => dirty && editorOf(current.pathname) !== editorOf(next.pathname),
    enableBeforeUnload: () => dirty,
    withResolver: true,
  })
  return (
    <Modal
      open={blocker.status === 'blocked'}
      title={t('leave.title')}
      okText={t('leave.discard')}
      okType="danger"
      cancelText={t('leave.stay')}
      onOk={() => blocker.proceed?.()}
      onCancel={() => blocker.reset?.()}
    >
      {t('leave.what')}
    </Modal>
  )
}
