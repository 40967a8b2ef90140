import type { KubeResource, ResourceRef } from '@meshdeck/kube'
import { isSystemNamespace } from '@meshdeck/mesh'
import { useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import Alert from 'antd/es/alert'
import Button from 'antd/es/button'
import { useTranslation } from 'react-i18next'
import { Page } from '../../components/page.tsx'
import { EmptyState, ErrorState, LoadingState } from '../../components/states.tsx'
import { useMeshScope } from '../../lib/mesh-scope.ts'
import { param, searchSchema, usePageSearch } from '../../lib/search-params.ts'
import { AwaitClusters } from '../../resource-kit/await-clusters.tsx'
import { EditResource, type EditResourceProps } from '../../resource-kit/edit-resource.tsx'
import { meshQueries } from '../../resource-kit/mesh-queries.ts'
import { resourceQueries } from '../../resource-kit/resource-queries.ts'
import { applyRepair, readRepair, type Repair } from './repairs.ts'
import { ServiceForm } from './service-form.tsx'

interface Target extends ResourceRef {
  namespace: string
}

const schema = searchSchema({
  cluster: param.text(),
  view: param.oneOf(['form', 'yaml'], 'form'),
  repair: param.text(),
  protocol: param.text(),
  like: param.text(),
  insist: param.oneOf(['no', 'yes'], 'no'),
})

/**
 * `/meshes/:mesh/services/:namespace/:name/-edit?cluster=`: labels and protocols of a Service in one cluster, or its YAML.
 * With `repair` it begins with a change that mends what the diagnosis found, in review.
 */
export function ServiceEditPage() {
  const { clusters } = useMeshScope()
  const { namespace = '', name = '' }: { namespace?: string; name?: string } = useParams({ strict: false })
  const [search] = usePageSearch(schema)
  const cluster = search.cluster || clusters[0]
  if (cluster === undefined) return <AwaitClusters />
  const target: Target = { cluster, kind: 'Service', namespace, name }
  const key = JSON.stringify([target, search.repair, search.protocol, search.like])
  return search.repair === '' ? <Editor key={key} target={target} /> : <Repaired key={key} target={target} />
}

function Editor({ target, propose }: { target: Target; propose?: EditResourceProps['propose'] }) {
  const [{ view }, setSearch] = usePageSearch(schema)
  return (
    <EditResource
      target={target}
      view={view}
      onView={(next) => setSearch({ view: next }, { replace: true })}
      form={ServiceForm}
      propose={propose}
    />
  )
}

/** The editor with a repair made in it. In namespaces of the system the reader has to insist. */
function Repaired({ target }: { target: Target }) {
  const { t } = useTranslation('service-edit')
  const { mesh } = useMeshScope()
  const [search, setSearch] = usePageSearch(schema)
  const repair = readRepair(search)
  const meshes = useQuery(meshQueries.list())
  if (repair === undefined) {
    return (
      <>
        <Alert type="warning" showIcon title={t('repair.unknown')} />
        <Editor target={target} />
      </>
    )
  }
  if (meshes.data === undefined) return <AwaitClusters />
  const own = meshes.data.items.find(({ name }) => name === mesh)?.namespace ?? ''
  if (isSystemNamespace(target.namespace, own) && search.insist === 'no') {
    return (
      <Page title={target.name}>
        <Alert
          type="warning"
          showIcon
          title={t('repair.insistTitle', { namespace: target.namespace })}
          description={t('repair.insistWhat')}
          action={<Button onClick={() => setSearch({ insist: 'yes' }, { replace: true })}>{t('repair.insist')}</Button>}
        />
      </Page>
    )
  }
  if (repair.repair === 'alike') return <Alike target={target} repair={repair} />
  return <Editor target={target} propose={(document, service) => applyRepair(document, repair, service)} />
}

/** Needs the service of the other cluster, which the repair makes this one like. */
function Alike({ target, repair }: { target: Target; repair: Repair & { repair: 'alike' } }) {
  const { t } = useTranslation('service-edit')
  const like = useQuery(resourceQueries.detail({ ...target, cluster: repair.like }))
  if (like.isError)
    return (
      <Page title={target.name}>
        <EmptyState title={t('repair.likeMissing', { cluster: repair.like })} />
        <ErrorState error={like.error} onRetry={() => void like.refetch()} />
      </Page>
    )
  if (like.data === undefined) return <LoadingState />
  const model: KubeResource = like.data
  return <Editor target={target} propose={(document, service) => applyRepair(document, repair, service, model)} />
}
