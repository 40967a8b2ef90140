import { protocolOfPort } from '@meshdeck/mesh'
import { useQuery } from '@tanstack/react-query'
import Select from 'antd/es/select'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { useFormat } from '../../lib/format.ts'
import { useStyle } from '../../lib/use-style.ts'
import { removeAt, setAt } from '../../resource-kit/form/document-edits.ts'
import { Fields } from '../../resource-kit/form/fields.tsx'
import { field } from '../../resource-kit/form/field-spec.ts'
import css from '../../resource-kit/form/form.css?inline'
import { FormField } from '../../resource-kit/form/form-field.tsx'
import { FormStateContext, notesBy, type FormState } from '../../resource-kit/form/form-state.ts'
import type { ResourceFormProps } from '../../resource-kit/forms.ts'
import { serviceQueries } from './queries.ts'
import { APP_PROTOCOLS, portsOf } from './repairs.ts'

const LABELS = [field.map('labels')]
const UNDECLARED = ''

/** What a mesh's operators change in a Service: its labels, and what each port is taken for. The rest stands in YAML. */
export function ServiceForm({ value, onEdit, scope, problems }: ResourceFormProps) {
  useStyle(css)
  const { t } = useTranslation(['service-edit', 'forms'])
  const { namespace = '', name } = value.metadata
  const state = useMemo<FormState>(
    () => ({
      namespace,
      cluster: scope.cluster,
      edit: onEdit,
      notesAt: notesBy(problems.map(({ severity = 'error', ...rest }) => ({ severity, ...rest }))),
    }),
    [namespace, scope.cluster, onEdit, problems],
  )
  return (
    <FormStateContext value={state}>
      <div className="md-stack md-form">
        <fieldset className="md-form-group">
          <legend>{t('labels')}</legend>
          <p className="md-muted">{t('labelsHint')}</p>
          <Fields specs={LABELS} at={['metadata']} value={value.metadata} elsewhere={Object.keys(value.metadata)} />
        </fieldset>
        <fieldset className="md-form-group">
          <legend>{t('ports')}</legend>
          <p className="md-muted">{t('portsHint')}</p>
          <Ports value={value} onEdit={onEdit} />
          <OtherClusters mesh={scope.mesh} cluster={scope.cluster} namespace={namespace} name={name} />
        </fieldset>
      </div>
    </FormStateContext>
  )
}

function Ports({ value, onEdit }: Pick<ResourceFormProps, 'value' | 'onEdit'>) {
  const { t } = useTranslation('service-edit')
  const ports = portsOf(value)
  if (ports.length === 0) return <p className="md-muted">{t('noPorts')}</p>
  return (
    <div className="md-form-fields">
      {ports.map((port, at) => (
        <Protocol
          key={`${String(port['port'])}/${String(port['protocol'])}`}
          port={port}
          at={at}
          onChange={(protocol) =>
            onEdit((document) => {
              const path = ['spec', 'ports', at, 'appProtocol']
              if (protocol === UNDECLARED) removeAt(document, path, 4)
              else setAt(document, path, protocol)
            })
          }
        />
      ))}
    </div>
  )
}

interface ProtocolProps {
  port: Record<string, unknown>
  at: number
  onChange: (protocol: string) => void
}

function Protocol({ port, at, onChange }: ProtocolProps) {
  const { t } = useTranslation('service-edit')
  const { name, appProtocol } = port
  const declared = typeof appProtocol === 'string' ? appProtocol : UNDECLARED
  const byName = protocolOfPort({ name })
  const label = [t('port', { port: String(port['port']) }), ...(typeof name === 'string' ? [name] : [])].join(' · ')
  const known = APP_PROTOCOLS.some((each) => each === declared) || declared === UNDECLARED
  return (
    <FormField label={label} field={`spec.ports[${at}].appProtocol`}>
      {(control) => (
        <Select
          {...control}
          value={declared}
          options={[
            { value: UNDECLARED, label: byName === '' ? t('undeclared') : t('byName', { protocol: byName }) },
            ...(known ? [] : [{ value: declared, label: declared }]),
            ...APP_PROTOCOLS.map((protocol) => ({ value: protocol, label: protocol })),
          ]}
          onChange={onChange}
        />
      )}
    </FormField>
  )
}

/** Each cluster has an object of its own; who changes one should know of the others. */
function OtherClusters({ mesh, cluster, namespace, name }: Record<'mesh' | 'cluster' | 'namespace' | 'name', string>) {
  const { t } = useTranslation('service-edit')
  const format = useFormat()
  const { data } = useQuery(serviceQueries.detail(mesh, namespace, name))
  const others = data?.service.clusters.filter((each) => each !== cluster) ?? []
  if (others.length === 0) return null
  return <p className="md-muted">{t('others', { clusters: format.list(others), count: others.length })}</p>
}
