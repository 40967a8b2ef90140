import {
  LATENCY_BOUNDS_MS,
  SERVICE_LEVEL_DAYS,
  SERVICE_LEVEL_INDICATORS,
  type KubeResource,
  type ServiceLevel,
} from '@meshdeck/kube'
import { allowedShare, DAY_SECONDS, serviceLevelFaults } from '@meshdeck/mesh/service-levels'
import { useQuery } from '@tanstack/react-query'
import Input from 'antd/es/input'
import InputNumber from 'antd/es/input-number'
import Select from 'antd/es/select'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { useFormat } from '../../lib/format.ts'
import { useMeshScope } from '../../lib/mesh-scope.ts'
import { useStyle } from '../../lib/use-style.ts'
import formCss from '../../resource-kit/form/form.css?inline'
import { FormField, TextField } from '../../resource-kit/form/form-field.tsx'
import { FormStateContext, notesBy, type FormState } from '../../resource-kit/form/form-state.ts'
import type { ResourceFormProps } from '../../resource-kit/forms.ts'
import { serviceNameQueries } from './service-name-queries.ts'

/** What the windows of most teams are. */
const USUAL_DAYS = [7, 14, 28, 30, 90]

/** What is promised, field by field; what is wrong stands below its field. */
export function ServiceLevelForm({ value, onEdit, scope, problems }: ResourceFormProps) {
  useStyle(formCss)
  const { t } = useTranslation('service-levels')
  const { mesh, clusters } = useMeshScope()
  const format = useFormat()
  const spec = useMemo(() => specOf(value), [value])
  const { service, indicator, objective, windowDays } = spec
  const allowance = useAllowance(objective, windowDays)
  const names = useQuery(serviceNameQueries.of(mesh))
  const known = names.data ?? []
  const state = useMemo<FormState>(
    () => ({
      namespace: '',
      cluster: scope.cluster,
      edit: onEdit,
      notesAt: notesBy([
        ...serviceLevelFaults(spec).map(({ field, code }) => ({
          field,
          severity: 'error' as const,
          message: t(`faults.${code}`, { ...SERVICE_LEVEL_DAYS }),
        })),
        ...problems.map(({ severity = 'error', ...rest }) => ({ severity, ...rest })),
      ]),
    }),
    [scope.cluster, onEdit, spec, problems, t],
  )
  const set = (path: readonly string[], next: unknown): void =>
    onEdit((document) => {
      if (next === undefined || next === '') document.deleteIn(['spec', ...path])
      else document.setIn(['spec', ...path], next)
    })
  // A namespace and a name that are half typed are still two texts.
  const setService = (part: 'namespace' | 'name', next: string): void =>
    onEdit((document) => document.setIn(['spec', 'service', part], next))
  const handleType = (type: string): void =>
    onEdit((document) => {
      document.setIn(['spec', 'indicator', 'type'], type)
      if (type === 'Latency') document.setIn(['spec', 'indicator', 'thresholdMilliseconds'], 250)
      else document.deleteIn(['spec', 'indicator', 'thresholdMilliseconds'])
    })
  const days = [...new Set([...USUAL_DAYS, ...(windowDays === undefined ? [] : [windowDays])])].toSorted(
    (a, b) => a - b,
  )
  return (
    <FormStateContext value={state}>
      <div className="md-stack md-form">
        {scope.mode === 'create' && (
          <TextField
            label={t('form.name')}
            field="metadata.name"
            help={t('form.nameHelp')}
            value={value.metadata.name}
            onChange={(next) => onEdit((document) => document.setIn(['metadata', 'name'], next))}
          />
        )}
        <TextField
          label={t('form.namespace')}
          field="spec.service.namespace"
          value={service.namespace}
          options={[...new Set(known.map((each) => each.namespace))]}
          onChange={(next) => setService('namespace', next)}
        />
        <TextField
          label={t('form.service')}
          field="spec.service.name"
          value={service.name}
          options={known.filter((each) => each.namespace === service.namespace).map((each) => each.name)}
          onChange={(next) => setService('name', next)}
        />
        <FormField label={t('form.clusters')} field="spec.clusters" withItems help={t('form.clustersHelp')}>
          {({ status, ...control }) => (
            <Select
              {...control}
              status={status}
              mode="multiple"
              allowClear
              placeholder={t('form.allClusters')}
              value={spec.clusters ?? []}
              options={clusters.map((each) => ({ value: each, label: each }))}
              onChange={(next: string[]) => set(['clusters'], next.length === 0 ? undefined : next)}
            />
          )}
        </FormField>
        <FormField
          label={t('form.indicator')}
          field="spec.indicator.type"
          help={indicator.type === undefined ? undefined : t(`form.indicatorHelp.${indicator.type}`)}
        >
          {({ status, ...control }) => (
            <Select
              {...control}
              status={status}
              value={indicator.type ?? null}
              options={SERVICE_LEVEL_INDICATORS.map((each) => ({ value: each, label: t(`indicators.${each}`) }))}
              onChange={handleType}
            />
          )}
        </FormField>
        {indicator.type === 'Latency' && (
          <FormField
            label={t('form.threshold')}
            field="spec.indicator.thresholdMilliseconds"
            help={t('form.thresholdHelp')}
          >
            {({ status, ...control }) => (
              <Select
                {...control}
                status={status}
                value={indicator.thresholdMilliseconds ?? null}
                options={LATENCY_BOUNDS_MS.map((each) => ({ value: each, label: format.duration(each) }))}
                onChange={(next) => set(['indicator', 'thresholdMilliseconds'], next)}
              />
            )}
          </FormField>
        )}
        <FormField label={t('form.objective')} field="spec.objective" help={allowance}>
          {(control) => (
            <InputNumber
              {...control}
              value={objective ?? null}
              step={0.1}
              suffix="%"
              onChange={(next) => set(['objective'], next ?? undefined)}
            />
          )}
        </FormField>
        <FormField label={t('form.days')} field="spec.windowDays" help={t('form.daysHelp')}>
          {({ status, ...control }) => (
            <Select
              {...control}
              status={status}
              value={windowDays ?? null}
              options={days.map((each) => ({ value: each, label: t('form.dayCount', { count: each }) }))}
              onChange={(next) => set(['windowDays'], next)}
            />
          )}
        </FormField>
        <FormField label={t('form.description')} field="spec.description">
          {(control) => (
            <Input.TextArea
              {...control}
              rows={2}
              maxLength={500}
              value={spec.description ?? ''}
              onChange={(event) => set(['description'], event.target.value)}
            />
          )}
        </FormField>
      </div>
    </FormStateContext>
  )
}

/** What the target leaves room for, in requests and in minutes. */
function useAllowance(objective: number | undefined, windowDays: number | undefined): string | undefined {
  const { t } = useTranslation('service-levels')
  const format = useFormat()
  if (objective === undefined || windowDays === undefined || objective <= 0 || objective >= 100) return undefined
  const allowed = allowedShare(objective)
  return t('form.allowance', {
    requests: format.number(1 / allowed),
    minutes: format.number((allowed * windowDays * DAY_SECONDS) / 60),
  })
}

type DraftSpec = Omit<Partial<ServiceLevel['spec']>, 'service' | 'indicator'> & {
  service: { namespace: string; name: string }
  indicator: Partial<ServiceLevel['spec']['indicator']>
}

/** The boundary: what is typed may lack anything; the hub's schema promises the rest. */
function specOf({ spec }: KubeResource): DraftSpec {
  const { service, indicator, ...rest } = (spec ?? {}) as Partial<ServiceLevel['spec']>
  return {
    ...rest,
    service: { namespace: service?.namespace ?? '', name: service?.name ?? '' },
    indicator: indicator ?? {},
  }
}
