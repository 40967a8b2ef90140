import type { KindId, KubeResource } from '@meshdeck/kube'
import { ANALYZED_KINDS, DEFAULT_FACTS, type AnalysisInput } from '@meshdeck/mesh'

const NAMESPACES = 100
export const SERVICES = 5_000
export const PODS_EACH = 4
/** Services that have a virtual service and a destination rule. */
export const ROUTED = 1_000

/** A mesh of one cluster with these objects, all of which are seen. */
export function inputOf(objects: ReadonlyMap<KindId, readonly KubeResource[]>): AnalysisInput {
  return { config: { cluster: 'east', objects, complete: new Set(ANALYZED_KINDS) }, members: [], facts: DEFAULT_FACTS }
}

const spaceOf = (at: number): string => `ns-${at % NAMESPACES}`

/** A virtual service whose second destination is a subset of this name. */
export function route(at: number, subset: string): KubeResource {
  return {
    apiVersion: 'networking.istio.io/v1',
    kind: 'VirtualService',
    metadata: { name: `svc-${at}`, namespace: spaceOf(at) },
    spec: {
      hosts: [`svc-${at}`],
      http: [
        { match: [{ uri: { prefix: '/admin' } }], route: [{ destination: { host: `svc-${at}`, subset: 'v1' } }] },
        {
          route: [
            { destination: { host: `svc-${at}`, subset: 'v1' }, weight: 90 },
            { destination: { host: `svc-${at}`, subset }, weight: 10 },
          ],
        },
      ],
    },
  }
}

/** 5,000 services with four pods each, and rules for 1,000 of them: by kind. */
export function makeObjects(): Map<KindId, readonly KubeResource[]> {
  const numbers = Array.from({ length: SERVICES }, (_, at) => at)
  const metadata = (at: number, name = `svc-${at}`): KubeResource['metadata'] => ({ name, namespace: spaceOf(at) })
  const labels = (at: number, version: string): Record<string, string> => ({ app: `svc-${at}`, version })
  const containers = [{ name: 'app', image: 'app', ports: [{ containerPort: 8080 }] }]
  return new Map<KindId, readonly KubeResource[]>([
    [
      'Namespace',
      Array.from({ length: NAMESPACES }, (_, at) => ({
        apiVersion: 'v1',
        kind: 'Namespace',
        metadata: { name: `ns-${at}`, labels: { 'istio-injection': 'enabled' } },
      })),
    ],
    [
      'Service',
      numbers.map((at) => ({
        apiVersion: 'v1',
        kind: 'Service',
        metadata: metadata(at),
        spec: { selector: { app: `svc-${at}` }, ports: [{ name: 'http', port: 80, targetPort: 8080 }] },
      })),
    ],
    [
      'Deployment',
      numbers.map((at) => ({
        apiVersion: 'apps/v1',
        kind: 'Deployment',
        metadata: metadata(at),
        spec: { template: { metadata: { labels: labels(at, 'v1') }, spec: { containers } } },
      })),
    ],
    [
      'Pod',
      numbers.flatMap((at) =>
        Array.from({ length: PODS_EACH }, (_, pod) => ({
          apiVersion: 'v1',
          kind: 'Pod',
          metadata: { ...metadata(at, `svc-${at}-${pod}`), labels: labels(at, pod === 0 ? 'v2' : 'v1') },
          spec: { containers: [...containers, { name: 'istio-proxy', image: 'proxyv2:1.31.0' }] },
          status: { phase: 'Running' },
        })),
      ),
    ],
    ['VirtualService', numbers.slice(0, ROUTED).map((at) => route(at, 'v2'))],
    [
      'DestinationRule',
      numbers.slice(0, ROUTED).map((at) => ({
        apiVersion: 'networking.istio.io/v1',
        kind: 'DestinationRule',
        metadata: metadata(at),
        spec: {
          host: `svc-${at}`,
          subsets: ['v1', 'v2'].map((version) => ({ name: version, labels: { version } })),
        },
      })),
    ],
  ])
}
