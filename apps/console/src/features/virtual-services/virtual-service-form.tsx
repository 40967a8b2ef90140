import { objectFaults } from '@meshdeck/mesh'
import { useQuery } from '@tanstack/react-query'
import Select from 'antd/es/select'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { useStyle } from '../../lib/use-style.ts'
import type { ResourceFormProps } from '../../resource-kit/forms.ts'
import { choiceQueries, toChoices } from '../../resource-kit/form/choices.ts'
import { setTextsAt, type YamlPath } from '../../resource-kit/form/document-edits.ts'
import { Fields } from '../../resource-kit/form/fields.tsx'
import { FormStateContext, notesBy, type FormState } from '../../resource-kit/form/form-state.ts'
import { ChoicesContext, useForm } from './form-context.ts'
import { FormField } from '../../resource-kit/form/form-field.tsx'
import { GatewaySelect } from './gateway-select.tsx'
import { HttpRoutes } from './http-routes.tsx'
import css from '../../resource-kit/form/form.css?inline'
import { missingInDestinations, subsetsAt } from './missing-parts.ts'
import { FURTHER_FIELDS } from './route-fields.ts'
import { virtualServiceProblems } from './virtual-service-problems.ts'
import { toVirtualServiceView, type VirtualServiceView } from './virtual-service-view.ts'

const HOSTS = ['spec', 'hosts']
const GATEWAYS = ['spec', 'gateways']
const SHOWN = ['hosts', 'gateways', 'http']

/** The form of a virtual service: hosts, gateways and its routes. What it does not show is kept and named. */
export function VirtualServiceForm({ value, onEdit, scope, problems }: ResourceFormProps) {
  useStyle(css)
  const { t } = useTranslation(['virtual-services', 'forms'])
  const view = useMemo(() => toVirtualServiceView(value), [value])
  const services = useQuery(choiceQueries.of(scope.cluster, 'Service')).data
  const entries = useQuery(choiceQueries.of(scope.cluster, 'ServiceEntry')).data
  const rules = useQuery(choiceQueries.of(scope.cluster, 'DestinationRule')).data
  const gateways = useQuery(choiceQueries.of(scope.cluster, 'Gateway')).data
  const choices = useMemo(
    () => toChoices(view.namespace, { services, entries, rules, gateways }),
    [view.namespace, services, entries, rules, gateways],
  )
  const own = useMemo(() => virtualServiceProblems(view), [view])
  const state = useMemo<FormState>(
    () => ({
      namespace: view.namespace,
      cluster: scope.cluster,
      edit: onEdit,
      offersAt: subsetsAt(value.spec, view.namespace, choices),
      notesAt: notesBy([
        ...own.map(({ field, code, severity, values }) => ({
          field,
          severity,
          message: t(`problems.${code}`, values ?? {}),
        })),
        ...missingInDestinations(value.spec, view.namespace, choices).map(({ field, code, values }) => ({
          field,
          severity: 'warning' as const,
          message: t(`forms:missing.${code}`, values),
        })),
        ...objectFaults(value).map(({ field, code }) => ({
          field,
          severity: 'error' as const,
          message: t(`forms:rules.${code}`),
        })),
        ...problems
          .map(({ severity = 'error', ...rest }) => ({ severity, ...rest }))
          // What is warned of here at once, the analysis finds again a moment later.
          .filter(({ field, severity }) => severity === 'error' || !own.some((each) => each.field === field)),
      ]),
    }),
    [value, view, own, problems, choices, scope.cluster, onEdit, t],
  )
  const setTexts = (path: YamlPath, next: readonly string[]) =>
    onEdit((document) => (next.length === 0 ? document.deleteIn(path) : setTextsAt(document, path, next)))

  return (
    <FormStateContext value={state}>
      <ChoicesContext value={choices}>
        <div className="md-stack md-form md-form-vs">
          <HostsField view={view} onChange={(next) => setTexts(HOSTS, next)} />
          <GatewaySelect
            label={t('gateways.title')}
            field="spec.gateways"
            value={view.gateways}
            placeholder={t('gateways.none')}
            onChange={(next) => setTexts(GATEWAYS, next)}
          />
          <HttpRoutes routes={view.routes} host={view.hosts[0] ?? ''} />
          <Fields specs={FURTHER_FIELDS} at={['spec']} value={value.spec} elsewhere={SHOWN} />
        </div>
      </ChoicesContext>
    </FormStateContext>
  )
}

function HostsField({ view, onChange }: { view: VirtualServiceView; onChange: (hosts: string[]) => void }) {
  const { t } = useTranslation('virtual-services')
  const { hosts } = useForm().choices
  return (
    <FormField label={t('hosts.title')} field="spec.hosts" withItems>
      {(control) => (
        <Select
          {...control}
          mode="tags"
          value={view.hosts}
          placeholder={t('hosts.none')}
          tokenSeparators={[',', ' ']}
          options={(hosts ?? []).map(({ host }) => ({ value: host, label: host }))}
          onChange={onChange}
        />
      )}
    </FormField>
  )
}
