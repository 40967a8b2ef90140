import Button from 'antd/es/button'
import Modal from 'antd/es/modal'
import { useTranslation } from 'react-i18next'
import { useStyle } from '../../lib/use-style.ts'
import css from '../../resource-kit/resource-kit.css?inline'
import { RestartPanel, type RestartPanelProps } from './restart-panel.tsx'

export interface RestartDialogProps extends RestartPanelProps {
  onClose: () => void
}

/** Chooses workloads to restart and shows how far they have come. */
export function RestartDialog({ onClose, ...panel }: RestartDialogProps) {
  useStyle(css)
  const { t } = useTranslation('namespaces')
  return (
    <Modal
      open
      width={820}
      title={panel.only ? t('restart.titleOf', { name: panel.only.name }) : t('restart.title')}
      mask={{ closable: false }}
      onCancel={onClose}
      footer={<Button onClick={onClose}>{t('actions.close')}</Button>}
    >
      <div className="md-stack">
        <p>{t('restart.what')}</p>
        <RestartPanel {...panel} />
      </div>
    </Modal>
  )
}
