import { isMetricsNote, type ClusterFailure } from '@meshdeck/contract'
import { HUB } from '@meshdeck/kube'
import Alert from 'antd/es/alert'
import Button from 'antd/es/button'
import { useState } from 'react'
import { Trans, useTranslation } from 'react-i18next'
import { useFormat } from '../lib/format.ts'
import type { LostCluster } from '../lib/events.ts'
import { asError, useProblemText } from './problem-text.tsx'

export interface FailureBannerProps {
  failure: ClusterFailure | LostCluster
  onRetry?: (() => void) | undefined
}

/** Names a cluster whose part is missing, why, and what to do. */
export function FailureBanner({ failure, onRetry }: FailureBannerProps) {
  const { t } = useTranslation(['common', 'glossary'])
  const format = useFormat()
  const [open, setOpen] = useState(false)
  const describe = useProblemText()
  const text = failure.problem && describe(asError(failure.problem))
  return (
    <Alert
      type="warning"
      showIcon
      className="md-banner"
      title={
        <span>
          <Trans
            t={t}
            i18nKey={bannerKey(failure)}
            values={{
              cluster: failure.cluster === HUB ? t('glossary:hub') : failure.cluster,
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

function bannerKey({ problem, since }: ClusterFailure | LostCluster): string {
  if (problem?.code === 'forbidden') return 'banner.forbidden'
  if (problem && isMetricsNote(problem)) return 'banner.noted'
  if (problem?.code.startsWith('prometheus-')) return 'banner.metrics'
  return since === undefined ? 'banner.lost' : 'banner.lostSince'
}
