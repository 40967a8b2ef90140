import type { KindId, KubeResource } from '@meshdeck/kube'
import { ANALYZED_KINDS, createAnalyzer, DEFAULT_FACTS, type AnalysisInput } from '@meshdeck/mesh'
import type { Measurement } from './measurement.ts'
import { summarize } from './statistics.ts'

const NAMESPACES = 100
const SERVICES = 5_000
const PODS_EACH = 4
const ROUTED = 1_000
const RUNS = 7

/** The analysis of a mesh with 5,000 services, 20,000 pods, and 1,000 each of virtual services and destination rules. */
export const analysis: Measurement = {
  name: 'analysis',
  what: `All rules over ${SERVICES} services, ${SERVICES * PODS_EACH} pods and ${2 * ROUTED} rules: cold, after one change, and the preview of a change`,
  async run() {
    const objects = makeObjects()
    const cold: number[] = []
    const warm: number[] = []
    const pods: number[] = []
    const preview: number[] = []
    let found = 0
    for (let run = 0; run < RUNS; run++) {
      const analyzer = createAnalyzer()
      cold.push(timed(() => (found = analyzer.analyze(inputOf(objects)).length)))
      const rules = objects.get('VirtualService') ?? []
      const changed = new Map(objects).set('VirtualService', [...rules.slice(1), route(0, 'v2')])
      warm.push(timed(() => analyzer.analyze(inputOf(changed))))
      preview.push(
        timed(() =>
          analyzer.preview([{ kind: 'VirtualService', namespace: 'ns-1', name: 'svc-1', object: route(1, 'nowhere') }]),
        ),
      )
      pods.push(timed(() => analyzer.analyze(inputOf(new Map(changed).set('Pod', [...(objects.get('Pod') ?? [])])))))
    }
    const rows: [string, number[], number | undefined][] = [
      ['cold', cold, 3_000],
      ['after one rule has changed', warm, 50],
      ['preview of one rule', preview, 50],
      ['after one pod has changed', pods, undefined],
    ]
    return [
      ...rows.map(([what, times, aim]) => {
        const { median, min, max } = summarize(times)
        return {
          what,
          value: median,
          unit: 'ms' as const,
          range: [min, max] as [number, number],
          ...(aim === undefined ? {} : { aim }),
        }
      }),
      { what: 'findings', value: found, unit: '' as const },
    ]
  },
}

function timed(work: () => unknown): number {
  const began = performance.now()
  work()
  return performance.now() - began
}

function inputOf(objects: ReadonlyMap<KindId, readonly KubeResource[]>): AnalysisInput {
  return { config: { cluster: 'east', objects, complete: new Set(ANALYZED_KINDS) }, members: [], facts: DEFAULT_FACTS }
}

const spaceOf = (at: number): string => `ns-${at % NAMESPACES}`

function route(at: number, subset: string): KubeResource {
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

function makeObjects(): Map<KindId, readonly KubeResource[]> {
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
