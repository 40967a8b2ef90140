import type { TopologyNode } from '@meshdeck/contract'
import { useTranslation } from 'react-i18next'
import { AppLink } from '../../components/app-link.tsx'
import { useMeshScope } from '../../lib/mesh-scope.ts'
import { proxyPlaces } from '../../lib/proxy-places.ts'

/** From a workload to the proxies of its pods; nothing for what is no workload or has none. */
export function ProxiesLink({ node }: { node: TopologyNode }) {
  const { t } = useTranslation('topology')
  const { mesh } = useMeshScope()
  const { type, injected, name, namespace, cluster } = node
  if (type !== 'workload' && type !== 'gateway') return null
  if (injected !== true || namespace === undefined || cluster === undefined) return null
  return (
    <AppLink place={proxyPlaces.list(mesh, { search: name, namespaces: namespace, clusters: cluster })}>
      {t('panel.proxies')}
    </AppLink>
  )
}
