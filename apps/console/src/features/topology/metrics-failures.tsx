import { isMetricsNote, type ClusterFailure } from '@meshdeck/contract'
import Alert from 'antd/es/alert'
import Button from 'antd/es/button'
import { useTranslation } from 'react-i18next'
import { AppLink } from '../../components/app-link.tsx'
import { asError, useProblemText } from '../../components/problem-text.tsx'
import { places } from '../../lib/places.ts'

/** Whether the metrics of a cluster are missing, rather than the cluster. */
export const isMetricsFailure = ({ problem }: ClusterFailure): boolean => problem.code.startsWith('prometheus-')

export interface MetricsFailuresProps {
  failures: readonly ClusterFailure[]
  onRetry: () => void
}

/** One banner for each cluster whose Prometheus did not answer: its traffic is missing from the graph, all else works. */
export function MetricsFailures({ failures, onRetry }: MetricsFailuresProps) {
  const { t } = useTranslation('topology')
  const describe = useProblemText()
  return failures.filter(isMetricsFailure).map(({ cluster, problem }) => {
    const { title, hint } = describe(asError(problem))
    return (
      <Alert
        key={cluster}
        type="warning"
        showIcon
        className="md-banner"
        title={
          <span>
            <strong>{cluster}</strong>: {isMetricsNote(problem) ? `${title}.` : t('metrics.missing', { reason: title })}{' '}
            {hint} <AppLink place={places.cluster(cluster)}>{t('metrics.settings')}</AppLink> ·{' '}
            <Button type="link" size="small" className="md-banner-action" onClick={onRetry}>
              {t('common:actions.retry')}
            </Button>
          </span>
        }
      />
    )
  })
}
