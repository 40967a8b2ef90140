import Modal from 'antd/es/modal'
import { useTranslation } from 'react-i18next'
import { SignInForm } from '../pages/sign-in-form.tsx'

/** Renews a session that ended while pages are open. */
export function SessionDialog() {
  const { t } = useTranslation()
  return (
    <Modal open closable={false} footer={null} title={t('session.ended')}>
      <SignInForm />
    </Modal>
  )
}
