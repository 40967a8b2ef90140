import type { ClusterFailure } from '@meshdeck/contract'
import Alert from 'antd/es/alert'
import Button from 'antd/es/button'
import { useState } from 'react'
import { Trans, useTranslation } from 'react-i18next'
import { useFormat } from '../lib/format.ts'
import type { LostCluster } from '../lib/events.ts'
import { asError, useProblemText } from './problem-text.tsx'

export interface FailureBannersProps {
  failures: readonly (ClusterFailure | LostCluster)[]
  onRetry?: (() => void) | undefined
}

/** One banner for each cluster that did not answer, so that a partial result is never taken for the whole. */
export function FailureBanners({ failures, onRetry }: FailureBannersProps) {
  const byCluster = new Map<string, ClusterFailure | LostCluster>(failures.map((failure) => [failure.cluster, failure]))
  return [...byCluster.values()]
    .toSorted((a, b) => a.cluster.localeCompare(b.cluster))
    .map((failure) => <FailureBanner key={failure.cluster} failure={failure} onRetry={onRetry} />)
}

function FailureBanner({
  failure,
  onRetry,
}: {
  failure: ClusterFailure | LostCluster
  onRetry?: (() => void) | undefined
}) {
  const { t } = useTranslation()
  const format = useFormat()
  const [open, setOpen] = useState(false)
  const describe = useProblemText()
  const text = failure.problem && describe(asError(failure.problem))
  const forbidden = failure.problem?.code === 'forbidden'
  return (
    <Alert
      type="warning"
      showIcon
      className="md-banner"
      title={
        <span>
          <Trans
            t={t}
            i18nKey={forbidden ? 'banner.forbidden' : failure.since === undefined ? 'banner.lost' : 'banner.lostSince'}
            values={{
              cluster: failure.cluster,
              since: failure.since && format.time(failure.since),
              reason: text?.title ?? t('banner.noReason'),
            }}
            components={{ strong: <strong /> }}
          />{' '}
          {text && (
            <Button
              type="link"
              size="small"
              className="md-banner-action"
              aria-expanded={open}
              onClick={() => setOpen(!open)}
            >
              {t('actions.details')}
            </Button>
          )}
          {onRetry && (
            <>
              {text && ' · '}
              <Button type="link" size="small" className="md-banner-action" onClick={onRetry}>
                {t('actions.retry')}
              </Button>
            </>
          )}
        </span>
      }
      description={
        open && text ? (
          <>
            <p>{text.hint}</p>
            {text.detail && <pre className="md-words">{text.detail}</pre>}
          </>
        ) : undefined
      }
    />
  )
}
