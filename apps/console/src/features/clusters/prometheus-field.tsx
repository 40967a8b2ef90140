import type { PrometheusAddress, PrometheusCredential, PrometheusTest } from '@meshdeck/contract'
import { useMutation } from '@tanstack/react-query'
import Button from 'antd/es/button'
import Input from 'antd/es/input'
import { useId } from 'react'
import { useTranslation } from 'react-i18next'
import { useProblemText } from '../../components/problem-text.tsx'
import { StatusDot } from '../../components/status-dot.tsx'
import { api } from '../../lib/api.ts'
import { useFormat } from '../../lib/format.ts'
import { readHeaders, type EditInput, type EditProblem } from './edit-input.ts'
import { Field } from './field.tsx'
import { LineField } from './line-field.tsx'

type PrometheusInput = Pick<EditInput, 'prometheusUrl' | 'prometheusHeaders' | 'prometheusServerName'>

export interface PrometheusFieldProps {
  /** Where a test is asked for. */
  path: string
  input: PrometheusInput
  /** That was typed; that of the cluster when absent. */
  credential: PrometheusCredential | undefined
  problems: Partial<Record<keyof EditInput, EditProblem>>
  onChange: (change: Partial<PrometheusInput>) => void
}

/** The address of Prometheus and as whom it is asked, with a test from where it will be asked. */
export function PrometheusField({ path, input, credential, problems, onChange }: PrometheusFieldProps) {
  const { t } = useTranslation('joining')
  const describe = useProblemText()
  const id = useId()
  const headers = readHeaders(input.prometheusHeaders)
  const serverName = input.prometheusServerName.trim()
  const asked: PrometheusAddress = {
    url: input.prometheusUrl.trim(),
    ...(headers.length === 0 ? {} : { headers }),
    ...(serverName === '' ? {} : { serverName }),
    ...(credential === undefined ? {} : { credential }),
  }
  const test = useMutation({
    mutationFn: async (it: PrometheusAddress) => (await api.post<PrometheusTest>(path, it)).data,
    meta: { silent: true },
  })
  const fresh = JSON.stringify(test.variables) === JSON.stringify(asked)
  const failure = fresh && test.error ? describe(test.error) : undefined
  const found = fresh ? test.data : undefined
  const fault = (field: keyof PrometheusInput) => problems[field] && t(`edit.problems.${problems[field]}`)
  const isFaulty = problems.prometheusUrl ?? problems.prometheusHeaders ?? problems.prometheusServerName
  return (
    <>
      <div className="md-head-wide">
        <LineField
          label={t('edit.fields.prometheusUrl')}
          value={input.prometheusUrl}
          fault={fault('prometheusUrl')}
          help={t('edit.prometheusHelp')}
          placeholder="http://prometheus.monitoring:9090"
          onChange={(prometheusUrl) => onChange({ prometheusUrl })}
        />
        <div className="md-buttons">
          <Button
            disabled={asked.url === '' || isFaulty !== undefined}
            loading={test.isPending}
            onClick={() => test.mutate(asked)}
          >
            {t('edit.test')}
          </Button>
          <div role="status" aria-label={t('edit.testResult')}>
            {found && <Found test={found} />}
            {failure && <StatusDot tone="error">{failure.detail ?? failure.title}</StatusDot>}
          </div>
        </div>
      </div>
      <Field
        id={`${id}-headers`}
        label={t('edit.fields.prometheusHeaders')}
        help={t('edit.headersHelp')}
        fault={fault('prometheusHeaders')}
      >
        <Input.TextArea
          id={`${id}-headers`}
          value={input.prometheusHeaders}
          rows={2}
          spellCheck={false}
          autoComplete="off"
          placeholder="X-Scope-OrgID: shop"
          aria-describedby={`${id}-headers-help`}
          {...(problems.prometheusHeaders === undefined ? {} : { status: 'error' as const, 'aria-invalid': true })}
          onChange={(event) => onChange({ prometheusHeaders: event.target.value })}
        />
      </Field>
      <LineField
        label={t('edit.fields.prometheusServerName')}
        value={input.prometheusServerName}
        fault={fault('prometheusServerName')}
        help={t('edit.serverNameHelp')}
        onChange={(prometheusServerName) => onChange({ prometheusServerName })}
      />
    </>
  )
}

/** Less is the time of the answer itself. */
const WRONG_CLOCK_SECONDS = 5

/** What a test found: what it is, what it holds, and what will be amiss. */
function Found({ test: { ok, message, make, version, series, skewSeconds, hasMesh } }: { test: PrometheusTest }) {
  const { t } = useTranslation('joining')
  const format = useFormat()
  if (!ok) return <StatusDot tone="warning">{message}</StatusDot>
  const skew = Math.round(skewSeconds ?? 0)
  const amiss = [
    ...(hasMesh === false ? [t('edit.found.noMesh')] : []),
    ...(Math.abs(skew) < WRONG_CLOCK_SECONDS ? [] : [t('edit.found.clock', { seconds: Math.abs(skew) })]),
  ]
  const known = [
    ...(make === undefined || make === 'unknown' ? [] : [`${make} ${version ?? ''}`.trim()]),
    ...(series === undefined ? [] : [t('edit.found.series', { count: series, series: format.number(series) })]),
  ]
  return (
    <StatusDot tone={amiss.length === 0 ? 'success' : 'warning'}>
      {[t('edit.answers'), ...known, ...amiss].join(' · ')}
    </StatusDot>
  )
}
