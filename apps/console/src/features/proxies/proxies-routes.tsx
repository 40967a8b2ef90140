import { useParams } from '@tanstack/react-router'
import { lazy, Suspense } from 'react'
import { LoadingState } from '../../components/states.tsx'
import { ProxiesPage } from './proxies-page.tsx'

const ProxyPage = lazy(() => import('./proxy-page.tsx').then((module) => ({ default: module.ProxyPage })))

/** `/meshes/:mesh/proxies[/:cluster/:namespace/:pod[/:section]]` */
export function ProxiesRoutes() {
  const { cluster, namespace, pod, section }: Record<string, string | undefined> = useParams({ strict: false })
  if (cluster === undefined || namespace === undefined || pod === undefined) return <ProxiesPage />
  return (
    <Suspense fallback={<LoadingState />}>
      <ProxyPage proxy={{ cluster, namespace, pod }} section={section} />
    </Suspense>
  )
}
