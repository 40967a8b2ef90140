import { expect, it } from 'vitest'
import { listAt, numberAt, textAt, valueAt } from '../json.ts'
import { Sandbox } from '../sandbox.ts'
import { ApiClient } from '../testing/api-client.ts'
import { FLEET_NAMES, fleetNamed } from './catalogue.ts'
import type { Fleet } from './fleet.ts'

const count = (fleet: Fleet, kind: string): number =>
  fleet.clusters.reduce((sum, { objects }) => sum + objects.filter((object) => object.kind === kind).length, 0)

it.each(FLEET_NAMES.flatMap((name) => /^S(\d+)P(\d+)$/.exec(name) ?? []).filter((name) => name.startsWith('S')))(
  '%s has as many Services and pods as it says, on one to ten clusters, the same for the same seed',
  (name) => {
    const [, services, pods] = /^S(\d+)P(\d+)$/.exec(name) ?? []
    const fleet = fleetNamed(name, 7)
    // The hub, and what belongs to Istio itself, come on top.
    const own = fleet.clusters
      .slice(1)
      .flatMap(({ objects }) => objects.filter(({ metadata }) => metadata.name.startsWith('svc-')))
    const replicas = own
      .filter(({ kind }) => kind === 'Deployment')
      .reduce((sum, deployment) => sum + (numberAt(deployment, 'spec', 'replicas') ?? 1), 0)
    expect([own.filter(({ kind }) => kind === 'Service').length, replicas]).toEqual([Number(services), Number(pods)])
    expect(fleet.clusters.length - 1).toBe(Math.min(10, Math.ceil(Number(services) / 500)))
    expect(JSON.stringify(fleetNamed(name, 7))).toBe(JSON.stringify(fleet))
    expect(JSON.stringify(fleetNamed(name, 8).traffic)).not.toBe(JSON.stringify(fleet.traffic))
  },
)

it('says which fleets there are', () => {
  expect(() => fleetNamed('S1P1', 1)).toThrow('no fleet "S1P1"; there are demo, bookinfo, empty, S50P200')
})

it('the demo has one of each thing that a console must show', async () => {
  const errors: unknown[] = []
  const fleet = fleetNamed('demo', 1)
  const sandbox = await Sandbox.start({ fleet, onError: (error) => errors.push(error) })
  try {
    const client = new ApiClient(await sandbox.cluster('east-1').ownerAccess())
    const pods = listAt((await client.call('GET', '/api/v1/namespaces/shop/pods')).body, 'items')
    const proxyOf = (pod: unknown): string | undefined =>
      textAt(
        listAt(pod, 'spec', 'containers').find((container) => textAt(container, 'name') === 'istio-proxy'),
        'image',
      )
    const images = pods.map(proxyOf)
    expect(images).toContain(undefined)
    expect(images).toContain('docker.io/istio/proxyv2:1.28.4')
    expect(images).toContain('docker.io/istio/proxyv2:1.30.3')
    expect(count(fleet, 'Service')).toBeGreaterThan(20)
    const regions = new Set(
      fleet.clusters.flatMap(({ objects }) =>
        objects.flatMap(({ metadata }) => metadata.labels?.['topology.kubernetes.io/region'] ?? []),
      ),
    )
    expect(regions).toEqual(new Set(['east', 'west']))
    const query = 'sum by (source_workload, destination_service_name) (rate(istio_requests_total[1m]))'
    const url = sandbox.prometheus.get('east-2')?.url ?? ''
    const answer: unknown = await (await fetch(`${url}/api/v1/query?${new URLSearchParams({ query })}`)).json()
    const edges = listAt(answer, 'data', 'result').map((series) => valueAt(series, 'metric'))
    expect(edges).toContainEqual({
      source_workload: 'istio-egressgateway',
      destination_service_name: 'api.bank.example',
    })
  } finally {
    await sandbox.stop()
  }
  expect(errors).toEqual([])
})

it('bookinfo calls itself as its guide draws it', async () => {
  const sandbox = await Sandbox.start({
    fleet: fleetNamed('bookinfo', 1),
    onError: (error) => expect(error).toBeUndefined(),
  })
  try {
    const query = 'sum by (source_workload, destination_workload) (rate(istio_requests_total{reporter="source"}[1m]))'
    const url = sandbox.prometheus.get('bookinfo')?.url ?? ''
    const answer: unknown = await (await fetch(`${url}/api/v1/query?${new URLSearchParams({ query })}`)).json()
    const edges = listAt(answer, 'data', 'result').map(
      (series) => `${textAt(series, 'metric', 'source_workload')} ${textAt(series, 'metric', 'destination_workload')}`,
    )
    expect(edges.toSorted()).toEqual([
      'istio-ingressgateway productpage-v1',
      'productpage-v1 details-v1',
      'productpage-v1 reviews-v1',
      'productpage-v1 reviews-v2',
      'productpage-v1 reviews-v3',
      'reviews-v2 ratings-v1',
      'reviews-v3 ratings-v1',
    ])
  } finally {
    await sandbox.stop()
  }
})
