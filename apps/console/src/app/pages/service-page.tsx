import { lazy } from 'react'
import { ServicePage } from '../../features/services/service-page.tsx'

const ServiceCharts = lazy(() =>
  import('../../features/monitoring/service-charts.tsx').then((module) => ({ default: module.ServiceCharts })),
)
const ServiceSurroundings = lazy(() =>
  import('../../features/topology/service-surroundings.tsx').then((module) => ({
    default: module.ServiceSurroundings,
  })),
)

/** `/meshes/:mesh/services/:namespace/:name/:tab`: the page of a service with what other features show of it. */
export function ServiceRoute() {
  return (
    <ServicePage
      traffic={({ service: { namespace, name }, workloads }) => (
        <ServiceCharts
          namespace={namespace}
          name={name}
          workloads={[...new Set(workloads.map((workload) => workload.name))]}
        />
      )}
      topology={({ service: { namespace, name } }) => <ServiceSurroundings namespace={namespace} name={name} />}
    />
  )
}
