import Button from 'antd/es/button'
import { useTranslation } from 'react-i18next'
import { StateIcon } from '../../components/state-icon.tsx'

/** The layout did not work (an old browser, a policy that forbids WebAssembly): the numbers are still there, in the table. */
export function LayoutFailed({
  error,
  onRetry,
  onTable,
}: {
  error: unknown
  onRetry: () => void
  onTable: () => void
}) {
  const { t } = useTranslation('topology')
  return (
    <div className="md-state" role="alert">
      <StateIcon name="error" />
      <h2>{t('layoutFailed.title')}</h2>
      <p>{t('layoutFailed.hint')}</p>
      <pre className="md-words">{error instanceof Error ? error.message : String(error)}</pre>
      <span className="md-topology-buttons">
        <Button type="primary" onClick={onTable}>
          {t('layoutFailed.table')}
        </Button>
        <Button onClick={onRetry}>{t('common:actions.retry')}</Button>
      </span>
    </div>
  )
}
