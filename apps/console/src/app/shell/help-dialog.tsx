import Modal from 'antd/es/modal'
import { useTranslation } from 'react-i18next'

export const SHORTCUT_KEYS = ['/', 'g m', 'g c', 'g t', 'g s', 't', '?'] as const

/** Which keys do what. */
export function HelpDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation()
  return (
    <Modal open onCancel={onClose} footer={null} title={t('help.title')} width={480}>
      <table className="md-shortcuts">
        <tbody>
          {SHORTCUT_KEYS.map((keys) => (
            <tr key={keys}>
              <th scope="row">
                {keys.split(' ').map((key) => (
                  <kbd key={key}>{key}</kbd>
                ))}
              </th>
              <td>{t(`help.keys.${keys.replace(' ', '-')}`)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Modal>
  )
}
