import type { KubeResource } from '@meshdeck/kube'
import { describe, expect, it } from 'vitest'
import { serviceVersions, type PlacedRule, type VersionPod } from './service-versions.ts'

const SERVICE = { namespace: 'shop', name: 'reviews' }

const pod = (version: string | undefined, cluster: string, ready = true): VersionPod => ({
  cluster,
  version,
  labels: version === undefined ? {} : { app: 'reviews', version },
  ready,
  workload: `Deployment/reviews-${version ?? 'plain'}`,
})
const rule = (kind: string, name: string, spec: object, created = '2026-01-01T00:00:00Z'): PlacedRule => ({
  cluster: 'east',
  object: {
    apiVersion: 'networking.istio.io/v1',
    kind,
    metadata: { name, namespace: 'shop', creationTimestamp: created },
    spec,
  } satisfies KubeResource,
})
const subsets = rule('DestinationRule', 'reviews', {
  host: 'reviews',
  subsets: [
    { name: 'old', labels: { version: 'v1' } },
    { name: 'new', labels: { version: 'v2' } },
    { name: 'all', labels: { app: 'reviews' } },
  ],
})
const to = (subset: string | undefined, weight?: number) => ({
  destination: { host: 'reviews', ...(subset === undefined ? {} : { subset }) },
  ...(weight === undefined ? {} : { weight }),
})
const routing = (http: object[], spec: object = {}) =>
  rule('VirtualService', 'reviews', { hosts: ['reviews'], http, ...spec })
const PODS = [pod('v1', 'east'), pod('v1', 'west'), pod('v2', 'east'), pod('v2', 'east', false)]

const read = (virtualServices: PlacedRule[], destinationRules: PlacedRule[] = [subsets], pods = PODS) =>
  serviceVersions(SERVICE, pods, { virtualServices, destinationRules })
const shares = (virtualServices: PlacedRule[], destinationRules?: PlacedRule[], pods?: VersionPod[]) =>
  read(virtualServices, destinationRules, pods).versions.map(({ version, wantedShare }) => [version, wantedShare])

describe('the versions of a service', () => {
  it('are told over all clusters, with pods, workloads and the subsets that select them', () => {
    expect(read([]).versions).toEqual([
      {
        version: 'v1',
        pods: 2,
        ready: 2,
        clusters: [
          { cluster: 'east', pods: 1, ready: 1 },
          { cluster: 'west', pods: 1, ready: 1 },
        ],
        workloads: [
          { cluster: 'east', name: 'Deployment/reviews-v1' },
          { cluster: 'west', name: 'Deployment/reviews-v1' },
        ],
        subsets: [
          { cluster: 'east', namespace: 'shop', name: 'reviews', subset: 'old' },
          { cluster: 'east', namespace: 'shop', name: 'reviews', subset: 'all' },
        ],
      },
      expect.objectContaining({ version: 'v2', pods: 2, ready: 1 }),
    ])
  })

  it('want no share where no route says one', () => {
    expect(shares([])).toEqual([
      ['v1', undefined],
      ['v2', undefined],
    ])
  })

  it('want what the weights say', () => {
    expect(shares([routing([{ route: [to('old', 80), to('new', 20)] }])])).toEqual([
      ['v1', 0.8],
      ['v2', 0.2],
    ])
  })

  it('take the route that takes everything, and tell the others', () => {
    const { versions, routes } = read([
      routing([
        { name: 'testers', match: [{ headers: { user: { exact: 'a' } } }], route: [to('new')] },
        { route: [to('old')] },
      ]),
    ])
    expect(versions.map(({ wantedShare }) => wantedShare)).toEqual([1, 0])
    expect(routes.map(({ route, conditional, applied }) => [route, conditional, applied])).toEqual([
      ['testers', true, false],
      ['http[1]', false, true],
    ])
  })

  it('share a subset of several versions by their ready pods, and a destination without one by all', () => {
    expect(shares([routing([{ route: [to('all')] }])])).toEqual([
      ['v1', 2 / 3],
      ['v2', 1 / 3],
    ])
    expect(shares([routing([{ route: [to(undefined)] }])], [])).toEqual([
      ['v1', 2 / 3],
      ['v2', 1 / 3],
    ])
  })

  it('leave out what goes to another service', () => {
    const route = [to('old', 50), { destination: { host: 'ratings' }, weight: 50 }]
    expect(shares([routing([{ route }])])).toEqual([
      ['v1', 0.5],
      ['v2', 0],
    ])
  })

  it('want nothing of a subset that nobody defines', () => {
    expect(shares([routing([{ route: [to('gone')] }])])).toEqual([
      ['v1', 0],
      ['v2', 0],
    ])
  })

  it('go by sidecars, not by a gateway’s route, and by the oldest of several', () => {
    const atEdge = rule('VirtualService', 'edge', {
      hosts: ['reviews.example.com'],
      gateways: ['edge'],
      http: [{ route: [to('new')] }],
    })
    expect(shares([atEdge])).toEqual([
      ['v1', undefined],
      ['v2', undefined],
    ])
    const younger = rule(
      'VirtualService',
      'younger',
      { hosts: ['reviews'], http: [{ route: [to('new')] }] },
      '2026-02-02T00:00:00Z',
    )
    expect(shares([younger, routing([{ route: [to('old')] }])])).toEqual([
      ['v1', 1],
      ['v2', 0],
    ])
  })

  it('have one for pods that bear none', () => {
    expect(shares([], [], [pod(undefined, 'east')])).toEqual([['', undefined]])
  })
})
