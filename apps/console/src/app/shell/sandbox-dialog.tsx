import type { SandboxInfo } from '@meshdeck/contract'
import Modal from 'antd/es/modal'
import { useTranslation } from 'react-i18next'
import { CommandBox } from '../../components/command-box.tsx'

/** How to come from the simulated clusters to one's own, and what to try here before. */
export function SandboxDialog({ sandbox, onClose }: { sandbox: SandboxInfo; onClose: () => void }) {
  const { t } = useTranslation()
  return (
    <Modal open onCancel={onClose} footer={null} title={t('sandbox.connect')} width={640}>
      <div className="md-stack">
        <p>{t('sandbox.real')}</p>
        <CommandBox title={t('sandbox.titles.real')} command="npm start -- --kubeconfig ~/.kube/config" />
        <p>{t('sandbox.kubectl')}</p>
        <CommandBox title="kubectl" command={`kubectl --kubeconfig ${sandbox.kubeconfig} get pods -A`} />
        <p>{t('sandbox.faults')}</p>
        <CommandBox title={t('sandbox.titles.faults')} command="npm run sandbox -- --help" />
        <p>{t('sandbox.people')}</p>
      </div>
    </Modal>
  )
}
