import { isNamespaceName, isResourceName, kindOf, type KindId, type KubeResource } from '@meshdeck/kube'
import { useQuery } from '@tanstack/react-query'
import Input from 'antd/es/input'
import Select from 'antd/es/select'
import { useId, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { AppLink } from '../components/app-link.tsx'
import { useCan } from '../lib/access.ts'
import { wizardPlaces } from '../lib/wizard-places.ts'
import { useMeshScope } from '../lib/mesh-scope.ts'
import type { ResourceFormProps } from './forms.ts'
import { resourceQueries } from './resource-queries.ts'

/** What the wizards make. */
const WIZARD_KINDS: readonly KindId[] = [
  'VirtualService',
  'DestinationRule',
  'Gateway',
  'ServiceEntry',
  'PeerAuthentication',
  'AuthorizationPolicy',
]

export interface NewObjectHeadProps {
  kind: KindId
  cluster: string
  onCluster: (cluster: string) => void
  /** Absent while the YAML cannot be read; names cannot be set then. */
  value: KubeResource | undefined
  onEdit: ResourceFormProps['onEdit']
}

/** Where a new object goes and what it is called; names stand in the document like everything else. */
export function NewObjectHead({ kind, cluster, onCluster, value, onEdit }: NewObjectHeadProps) {
  const { t } = useTranslation('editor')
  const { mesh, clusters } = useMeshScope()
  const id = useId()
  const { namespaced } = kindOf(kind)
  const known = useQuery({ ...resourceQueries.namespaces(mesh), enabled: namespaced })
  const here = known.data?.filter((place) => place.cluster === cluster).map((place) => place.namespace)
  const { name = '', namespace = '' } = value?.metadata ?? {}
  const right = useCan('create', kind, { cluster, ...(namespaced && isNamespaceName(namespace) ? { namespace } : {}) })
  const nameFault = name !== '' && !/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/.test(name) ? t('create.badName') : undefined
  const namespaceFault =
    namespaced && here !== undefined && namespace !== '' && !here.includes(namespace)
      ? t('create.namespaceMissing', { namespace, cluster })
      : undefined
  const place = namespaced ? `${cluster} / ${namespace}` : cluster
  return (
    <section className="md-card md-card-body md-head" aria-label={t('create.where')}>
      {clusters.length > 1 && (
        <HeadField id={`${id}-cluster`} label={t('create.cluster')} note={t('create.clusterHelp')}>
          <Select
            id={`${id}-cluster`}
            value={cluster}
            options={clusters.map((each) => ({ value: each, label: each }))}
            onChange={onCluster}
          />
        </HeadField>
      )}
      {namespaced && (
        <HeadField id={`${id}-namespace`} label={t('create.namespace')} fault={namespaceFault}>
          <Select
            id={`${id}-namespace`}
            showSearch
            value={namespace === '' ? null : namespace}
            loading={known.isPending}
            disabled={value === undefined}
            status={namespaceFault === undefined ? '' : 'warning'}
            options={(here ?? []).toSorted().map((each) => ({ value: each, label: each }))}
            onChange={(next: string) =>
              onEdit((document) => document.setIn(['metadata', 'namespace'], document.createNode(next)))
            }
          />
        </HeadField>
      )}
      <HeadField id={`${id}-name`} label={t('create.name')} fault={nameFault}>
        <Input
          id={`${id}-name`}
          value={name}
          disabled={value === undefined}
          autoComplete="off"
          spellCheck={false}
          status={nameFault === undefined ? '' : 'error'}
          aria-invalid={nameFault !== undefined || !isResourceName(name)}
          aria-required
          onChange={(event) =>
            onEdit((document) => document.setIn(['metadata', 'name'], document.createNode(event.target.value)))
          }
        />
      </HeadField>
      {WIZARD_KINDS.includes(kind) && (
        <p className="md-head-wide">
          <AppLink place={wizardPlaces.list(mesh)}>{t('create.wizards')}</AppLink>
        </p>
      )}
      {right.refused && (
        <p className="md-fault md-head-wide" role="alert">
          {t('create.mayNot', { place })}
        </p>
      )}
    </section>
  )
}

interface HeadFieldProps {
  id: string
  label: string
  note?: string
  fault?: string | undefined
  children: ReactNode
}

function HeadField({ id, label, note, fault, children }: HeadFieldProps) {
  return (
    <div className="md-head-field">
      <label htmlFor={id}>{label}</label>
      {children}
      {fault === undefined ? (
        note !== undefined && <span className="md-muted">{note}</span>
      ) : (
        <span className="md-fault" role="alert">
          {fault}
        </span>
      )}
    </div>
  )
}
