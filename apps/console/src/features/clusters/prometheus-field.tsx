import type { PrometheusTest } from '@meshdeck/contract'
import { useMutation } from '@tanstack/react-query'
import Button from 'antd/es/button'
import { useTranslation } from 'react-i18next'
import { useProblemText } from '../../components/problem-text.tsx'
import { StatusDot } from '../../components/status-dot.tsx'
import { api } from '../../lib/api.ts'
import { LineField } from './line-field.tsx'

export interface PrometheusFieldProps {
  /** Where a test is asked for. */
  path: string
  value: string
  fault: string | undefined
  onChange: (value: string) => void
}

/** The address of Prometheus, with a test from where it will be asked. */
export function PrometheusField({ path, value, fault, onChange }: PrometheusFieldProps) {
  const { t } = useTranslation('joining')
  const describe = useProblemText()
  const test = useMutation({
    mutationFn: async (url: string) => (await api.post<PrometheusTest>(path, { url })).data,
    meta: { silent: true },
  })
  const url = value.trim()
  const fresh = test.variables === url
  const failure = fresh && test.error ? describe(test.error) : undefined
  const found = fresh ? test.data : undefined
  return (
    <div className="md-head-wide">
      <LineField
        label={t('edit.fields.prometheusUrl')}
        value={value}
        fault={fault}
        help={t('edit.prometheusHelp')}
        placeholder="http://prometheus.monitoring:9090"
        onChange={onChange}
      />
      <div className="md-buttons">
        <Button disabled={url === '' || fault !== undefined} loading={test.isPending} onClick={() => test.mutate(url)}>
          {t('edit.test')}
        </Button>
        <div role="status" aria-label={t('edit.testResult')}>
          {found && (
            <StatusDot tone={found.ok ? 'success' : 'warning'}>
              {found.ok ? t('edit.answers') : found.message}
            </StatusDot>
          )}
          {failure && <StatusDot tone="error">{failure.detail ?? failure.title}</StatusDot>}
        </div>
      </div>
    </div>
  )
}
