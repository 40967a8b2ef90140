import { useQuery } from '@tanstack/react-query'
import Input from 'antd/es/input'
import Select from 'antd/es/select'
import { useId, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useCan } from '../../lib/access.ts'
import { configPlaces } from '../../lib/config-places.ts'
import { useMeshScope } from '../../lib/mesh-scope.ts'
import { param, searchSchema, usePageSearch } from '../../lib/search-params.ts'
import { useStyle } from '../../lib/use-style.ts'
import kitCss from '../../resource-kit/resource-kit.css?inline'
import { resourceQueries } from '../../resource-kit/resource-queries.ts'
import { tlsSecretWrites } from './queries.ts'
import { WriteTlsSecret } from './write-tls-secret.tsx'

const schema = searchSchema<{ cluster: string; namespace: string; name: string }>({
  cluster: param.text(),
  namespace: param.text('istio-system'),
  name: param.text(),
})

/** Makes a Secret from PEM. Where it goes stands in the address, what goes in does not. */
export function CreateTlsSecretPage() {
  useStyle(kitCss)
  const { t } = useTranslation('tls-secrets')
  const { mesh, clusters } = useMeshScope()
  const [search] = usePageSearch(schema)
  const [place, setPlace] = useState(search)
  const cluster = clusters.find((each) => each === place.cluster) ?? clusters[0] ?? ''
  const known = useQuery(resourceQueries.namespaces(mesh))
  const here = (known.data ?? []).filter((each) => each.cluster === cluster).map(({ namespace }) => namespace)
  const { namespace, name } = place
  const right = useCan('create', 'Secret', { cluster, namespace })
  return (
    <WriteTlsSecret
      title={t('create.title')}
      what={t('create.what')}
      okText={t('create.ok')}
      done={t('create.done', { name })}
      back={configPlaces.tlsSecrets(mesh)}
      command={`kubectl --context ${cluster} -n ${namespace} create secret tls ${name || 'NAME'} --cert=FILE --key=FILE`}
      write={(content, dryRun) => tlsSecretWrites.create(mesh, { cluster, namespace, name, ...content }, dryRun)}
      head={(faults, onChange) => {
        const change = (part: Partial<typeof place>) => {
          setPlace({ ...place, ...part })
          onChange()
        }
        return (
          <>
            <HeadField label={t('glossary:cluster')} fault={faults['cluster']} help={t('help.cluster')}>
              {(control) => (
                <Select
                  {...control}
                  value={cluster}
                  options={clusters.map((value) => ({ value, label: value }))}
                  onChange={(next: string) => change({ cluster: next })}
                />
              )}
            </HeadField>
            <HeadField label={t('glossary:namespace')} fault={faults['namespace']} help={t('help.namespace')}>
              {(control) => (
                <Select
                  {...control}
                  showSearch
                  value={namespace}
                  options={here.toSorted().map((value) => ({ value, label: value }))}
                  onChange={(next: string) => change({ namespace: next })}
                />
              )}
            </HeadField>
            <HeadField label={t('glossary:name')} fault={faults['name']} help={t('help.name')}>
              {(control) => (
                <Input
                  {...control}
                  value={name}
                  autoComplete="off"
                  spellCheck={false}
                  onChange={(event) => change({ name: event.target.value })}
                />
              )}
            </HeadField>
            {right.refused && (
              <p className="md-fault md-head-wide" role="alert">
                {t('create.mayNot', { place: `${cluster} / ${namespace}` })}
              </p>
            )}
          </>
        )
      }}
    />
  )
}

interface HeadFieldProps {
  label: string
  help: string
  fault: string | undefined
  children: (control: { id: string; 'aria-describedby': string; status: '' | 'error' }) => ReactNode
}

function HeadField({ label, help, fault, children }: HeadFieldProps) {
  const id = useId()
  return (
    <div className="md-head-field">
      <label htmlFor={id}>{label}</label>
      {children({ id, 'aria-describedby': `${id}-help`, status: fault === undefined ? '' : 'error' })}
      <div id={`${id}-help`}>
        {fault !== undefined && (
          <p role="alert" className="md-fault">
            {fault}
          </p>
        )}
        <p className="md-muted">{help}</p>
      </div>
    </div>
  )
}
