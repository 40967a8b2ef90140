import type { GraphWorkload, ServiceGraph } from './graph.ts'
import { namespaceObject } from './objects.ts'
import type { KubeObject } from './objects.ts'
import { IMAGE_HUB } from './versions.ts'

/** The objects that make a graph real in a cluster: namespaces first, then what lives in them. */
export function graphObjects(graph: ServiceGraph): KubeObject[] {
  const workloads = graph.workloads.filter((workload) => workload.exists !== true)
  return [
    ...graph.namespaces.map(({ name, injection }) =>
      namespaceObject(name, injection ? { 'istio-injection': 'enabled' } : {}),
    ),
    ...workloads.flatMap((workload) => [serviceAccountObject(workload), deploymentObject(workload)]),
    ...serviceObjects(workloads),
    ...graph.objects,
  ]
}

/** A namespace out of the mesh with one workload, for tests that turn injection on. */
export function playgroundObjects(): KubeObject[] {
  const sleep: GraphWorkload = { namespace: 'playground', name: 'sleep', app: 'sleep', version: 'v1' }
  return [namespaceObject('playground'), serviceAccountObject(sleep), deploymentObject(sleep)]
}

/** The service account of a workload: its own, so that each has an identity of its own in the mesh. */
export function serviceAccountOf(workload: GraphWorkload): string {
  return workload.serviceAccount ?? workload.app
}

function serviceAccountObject(workload: GraphWorkload): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'ServiceAccount',
    metadata: { name: serviceAccountOf(workload), namespace: workload.namespace },
  }
}

function deploymentObject(workload: GraphWorkload): KubeObject {
  const { namespace, name, app, version, port } = workload
  const labels = { app, ...(version === undefined ? {} : { version }) }
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace, labels },
    spec: {
      replicas: workload.replicas ?? 1,
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: {
          serviceAccountName: serviceAccountOf(workload),
          // A restart should show its result within a test's patience.
          terminationGracePeriodSeconds: 1,
          containers: [
            {
              name: app,
              image: `${IMAGE_HUB}/demo/${app}:${version ?? 'v1'}`,
              ...(port === undefined ? {} : { ports: [{ name: port.name, containerPort: port.number }] }),
            },
          ],
        },
      },
    },
  }
}

/** One Service per app, however many versions stand behind it. */
function serviceObjects(workloads: readonly GraphWorkload[]): KubeObject[] {
  const services = new Map<string, KubeObject>()
  for (const { namespace, app, port } of workloads) {
    if (port === undefined) continue
    services.set(`${namespace}/${app}`, {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: app, namespace, labels: { app } },
      spec: {
        selector: { app },
        ports: [{ name: port.name, port: port.number, targetPort: port.number }],
      },
    })
  }
  return [...services.values()]
}
