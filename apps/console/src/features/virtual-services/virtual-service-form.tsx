import { useQuery } from '@tanstack/react-query'
import Select from 'antd/es/select'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { useStyle } from '../../lib/use-style.ts'
import type { ResourceFormProps } from '../../resource-kit/forms.ts'
import { choiceQueries, toChoices } from './choices.ts'
import { setTextsAt } from './document-edits.ts'
import { FormContext, useForm, type FieldNote, type VirtualServiceFormState } from './form-context.ts'
import { FormField } from './form-field.tsx'
import { GatewaySelect } from './gateway-select.tsx'
import { fullHost, isKnownHost } from './hosts.ts'
import { HttpRoutes } from './http-routes.tsx'
import css from './virtual-service-form.css?inline'
import { virtualServiceProblems } from './virtual-service-problems.ts'
import { MESH_GATEWAY, toVirtualServiceView, type VirtualServiceView } from './virtual-service-view.ts'

const HOSTS = ['spec', 'hosts']
const GATEWAYS = ['spec', 'gateways']

/** The form of a virtual service: hosts, gateways and HTTP routes. What it does not show is kept and named. */
export function VirtualServiceForm({ value, onEdit, scope, problems }: ResourceFormProps) {
  useStyle(css)
  const { t } = useTranslation('virtual-services')
  const view = useMemo(() => toVirtualServiceView(value), [value])
  const services = useQuery(choiceQueries.of(scope.cluster, 'Service')).data
  const entries = useQuery(choiceQueries.of(scope.cluster, 'ServiceEntry')).data
  const rules = useQuery(choiceQueries.of(scope.cluster, 'DestinationRule')).data
  const gateways = useQuery(choiceQueries.of(scope.cluster, 'Gateway')).data
  const choices = useMemo(
    () => toChoices(view.namespace, { services, entries, rules, gateways }),
    [view.namespace, services, entries, rules, gateways],
  )
  const state = useMemo<VirtualServiceFormState>(() => {
    const notes = new Map<string, FieldNote[]>()
    const add = (field: string, note: FieldNote) => notes.set(field, [...(notes.get(field) ?? []), note])
    for (const { field, code, severity, values } of virtualServiceProblems(view)) {
      add(field, { severity, message: t(`problems.${code}`, values ?? {}) })
    }
    for (const { field, message } of problems) add(field, { severity: 'error', message })
    const notesAt: VirtualServiceFormState['notesAt'] = (field, withItems = false) => [
      ...(notes.get(field) ?? []),
      ...(withItems ? [...notes].filter(([each]) => each.startsWith(`${field}[`)).flatMap(([, own]) => own) : []),
    ]
    return { namespace: view.namespace, choices, edit: onEdit, notesAt }
  }, [view, problems, choices, onEdit, t])
  const handleGateways = (next: readonly string[]) =>
    onEdit((document) => (next.length === 0 ? document.deleteIn(GATEWAYS) : setTextsAt(document, GATEWAYS, next)))

  return (
    <FormContext value={state}>
      <div className="md-stack md-vs">
        <HostsField view={view} onChange={(next) => onEdit((document) => setTextsAt(document, HOSTS, next))} />
        <GatewaySelect
          label={t('gateways.title')}
          field="spec.gateways"
          value={view.gateways}
          placeholder={t('gateways.none')}
          onChange={handleGateways}
        />
        <HttpRoutes routes={view.routes} host={view.hosts[0] ?? ''} />
        {view.others.length > 0 && <p className="md-muted">{t('alsoSet', { fields: view.others.join(', ') })}</p>}
      </div>
    </FormContext>
  )
}

function HostsField({ view, onChange }: { view: VirtualServiceView; onChange: (hosts: string[]) => void }) {
  const { t } = useTranslation('virtual-services')
  const { choices, namespace } = useForm()
  const { hosts, complete } = choices
  const known = hosts && new Set(hosts.map((each) => each.full))
  const inMesh = view.gateways.length === 0 || view.gateways.includes(MESH_GATEWAY)
  // A gateway may serve any host; sidecars can only be called by names that the mesh knows.
  const missing =
    complete && known && inMesh && !view.gateways.some((gateway) => gateway !== MESH_GATEWAY)
      ? view.hosts.filter(
          (host) => host !== '' && !host.startsWith('*') && !isKnownHost(fullHost(host, namespace), known),
        )
      : []
  return (
    <FormField
      label={t('hosts.title')}
      field="spec.hosts"
      withItems
      note={missing.length === 0 ? undefined : t('missing.hosts', { count: missing.length, hosts: missing.join(', ') })}
    >
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
