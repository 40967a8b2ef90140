import type { KubeResource, Mesh } from '@meshdeck/kube'
import { describe, expect, it } from 'vitest'
import { adoptReleases, adoptResources, type Adoption, type FoundRelease } from './adopt.ts'
import { isRelease } from './plan.ts'
import { renderMember } from './render-member.ts'
import type { Values } from './values.ts'

const release = (more: Partial<FoundRelease> = {}): FoundRelease => ({
  name: 'istiod',
  namespace: 'istio-system',
  chart: 'istiod',
  chartVersion: '1.30.3',
  appVersion: '1.30.3',
  status: 'deployed',
  values: {},
  ...more,
})
const istio = (spec: object, more: Partial<KubeResource['metadata']> = {}): KubeResource => ({
  apiVersion: 'sailoperator.io/v1',
  kind: 'Istio',
  metadata: { name: 'default', ...more },
  spec,
})
const meshOf = ({ spec }: Pick<Adoption, 'spec'>): Mesh => ({
  apiVersion: 'meshdeck.io/v1alpha1',
  kind: 'Mesh',
  metadata: { name: 'shop' },
  // What the hub keeps is JSON.
  spec: JSON.parse(JSON.stringify(spec)) as Mesh['spec'],
})
const rendered = (adoption: Adoption) =>
  renderMember(meshOf(adoption), { cluster: 'east', role: 'primary', network: 'blue' })
const valuesOf = (adoption: Adoption | undefined, chart = 'istiod'): unknown =>
  adoption &&
  rendered(adoption).flatMap((each) =>
    isRelease(each) && each.release.chart === chart ? [each.release.values] : [],
  )[0]

/** Values as people have them, after Istio's guides and what is seen in the field. */
const CORPUS: Record<string, Values> = {
  nothing: {},
  hub: { global: { hub: 'registry.example/istio', tag: '1.30.3', imagePullPolicy: 'IfNotPresent' } },
  revision: { revision: 'canary', global: { hub: 'registry.example/istio' } },
  replicas: { pilot: { autoscaleEnabled: true, autoscaleMin: 2, autoscaleMax: 5 } },
  threeReplicas: { pilot: { autoscaleEnabled: true, autoscaleMin: 3 } },
  single: { pilot: { autoscaleEnabled: false, replicaCount: 1, traceSampling: 100 } },
  resources: {
    pilot: { resources: { requests: { cpu: '500m', memory: '2Gi' }, limits: { memory: '4Gi' } } },
    global: {
      proxy: { resources: { requests: { cpu: 1, memory: '128Mi' } }, logLevel: 'warning', autoInject: 'enabled' },
    },
  },
  meshConfig: {
    meshConfig: {
      outboundTrafficPolicy: { mode: 'REGISTRY_ONLY' },
      localityLbSetting: { enabled: true, failover: [{ from: 'east', to: 'west' }], extra: {} },
      defaultHttpRetryPolicy: { attempts: 3, retryOn: '5xx,reset', perTryTimeout: '2s' },
      accessLogFile: '/dev/stdout',
      extensionProviders: [{ name: 'otel', opentelemetry: { service: 'otel.obs', port: 4317 } }],
    },
  },
  odd: {
    meshConfig: {
      outboundTrafficPolicy: { mode: 'SOMETHING' },
      defaultHttpRetryPolicy: { attempts: 1.5, retryOn: '' },
      localityLbSetting: {},
    },
    global: { proxy: { logLevel: 'chatty', resources: {} }, hub: '' },
    pilot: null,
    sidecarInjectorWebhook: { enableNamespacesByDefault: 'yes', rewriteAppHTTPProbe: null },
  },
  ambient: { profile: 'ambient', pilot: { cni: { enabled: true } } },
}

describe('values of an Istio that is taken over', () => {
  it.each(Object.entries(CORPUS))('say afterwards what they said before: %s', (_name, values) => {
    const byHelm = adoptReleases('east', [release({ values })], undefined)
    expect(valuesOf(byHelm)).toEqual(values)
    expect(byHelm?.parts.map(({ equal }) => equal)).toEqual([true])

    const spec = { version: 'v1.30.3', namespace: 'istio-system', updateStrategy: { type: 'InPlace' }, values }
    const present = Object.keys(values).length === 0 ? { ...spec, values: undefined } : spec
    const bySail = adoptResources('east', [istio(JSON.parse(JSON.stringify(present)) as object)], undefined)
    const object = bySail && rendered(bySail).find((each) => !isRelease(each) && each.kind === 'Istio')
    expect(object).toMatchObject({ object: { spec: JSON.parse(JSON.stringify(present)) as object } })
    expect(bySail?.parts.map(({ equal }) => equal)).toEqual([true])
  })

  it('say it whatever they are', () => {
    const random = seeded(20_260)
    for (let round = 0; round < 400; round += 1) {
      const values = randomValues(random)
      const adoption = adoptReleases('east', [release({ values })], undefined)
      expect(valuesOf(adoption), JSON.stringify(values)).toEqual(values)
    }
  })

  it('become fields where a mesh has them, and stay values where not', () => {
    const { hub, replicas, resources, meshConfig, revision } = CORPUS
    const specOf = (values: Values | undefined) =>
      adoptReleases('east', [release({ values: values ?? {} })], undefined)?.spec
    expect(specOf(hub)).toMatchObject({
      controlPlane: { hub: 'registry.example/istio' },
      dataPlane: { imagePullPolicy: 'IfNotPresent' },
      values: { global: { tag: '1.30.3' } },
    })
    expect(specOf(replicas)).toMatchObject({
      controlPlane: { highAvailability: true },
      values: { pilot: { autoscaleMax: 5 } },
    })
    expect(specOf(resources)).toMatchObject({
      controlPlane: { resources: { requests: { cpu: '500m', memory: '2Gi' }, limits: { memory: '4Gi' } } },
      dataPlane: { resources: { requests: { memory: '128Mi' } }, logLevel: 'warning' },
      // A number is no quantity of the hub's schema.
      values: { global: { proxy: { resources: { requests: { cpu: 1 } }, autoInject: 'enabled' } } },
    })
    expect(specOf(meshConfig)?.traffic).toEqual({
      outbound: 'REGISTRY_ONLY',
      locality: { enabled: true, failover: [{ from: 'east', to: 'west' }], extra: {} },
      retries: { attempts: 3, retryOn: ['5xx', 'reset'] },
    })
    expect(specOf(revision)?.controlPlane).toMatchObject({ revision: 'canary' })
    expect(specOf(revision)?.values).toBeUndefined()
  })
})

describe('an Istio of Helm releases', () => {
  const all = [
    release({ name: 'edge', namespace: 'edge', chart: 'gateway', values: { service: { type: 'NodePort' } } }),
    release({ name: 'ztunnel', chart: 'ztunnel' }),
    release({ values: CORPUS['ambient'] ?? {} }),
    release({ name: 'cni', namespace: 'kube-system', chart: 'cni', values: { profile: 'ambient' } }),
    release({ name: 'base', chart: 'base', values: { defaultRevision: 'default' } }),
    release({ name: 'unrelated', chart: 'redis' }),
  ]

  it('keeps each release with its name, place and values, and nothing is added', () => {
    const adoption = adoptReleases('east', all, undefined)
    if (adoption === undefined) throw new Error('nothing found')
    expect(adoption).toMatchObject({ version: '1.30.3', obstacles: [], notes: [] })
    expect(adoption.spec).toMatchObject({ mode: 'Dedicated', engine: 'Helm', dataPlane: { mode: 'Ambient' } })
    const planned = rendered(adoption)
    const releases = planned.flatMap((each) => (isRelease(each) ? [each] : []))
    expect(
      releases.map(({ step, release: { name, namespace, chart, version, values } }) => ({
        step,
        name,
        namespace,
        chart,
        version,
        values,
      })),
    ).toEqual([
      {
        step: 'controlPlane',
        name: 'base',
        namespace: 'istio-system',
        chart: 'base',
        version: '1.30.3',
        values: { defaultRevision: 'default' },
      },
      {
        step: 'controlPlane',
        name: 'istiod',
        namespace: 'istio-system',
        chart: 'istiod',
        version: '1.30.3',
        values: CORPUS['ambient'],
      },
      {
        step: 'nodeAgents',
        name: 'cni',
        namespace: 'kube-system',
        chart: 'cni',
        version: '1.30.3',
        values: { profile: 'ambient' },
      },
      {
        step: 'nodeAgents',
        name: 'ztunnel',
        namespace: 'istio-system',
        chart: 'ztunnel',
        version: '1.30.3',
        values: {},
      },
      {
        step: 'gateways',
        name: 'edge',
        namespace: 'edge',
        chart: 'gateway',
        version: '1.30.3',
        values: { service: { type: 'NodePort' } },
      },
    ])
    const objects = planned.flatMap((each) => (isRelease(each) ? [] : [each.object]))
    expect(objects.map(({ kind, metadata }) => `${kind} ${metadata.name}`)).toEqual([
      'Namespace istio-system',
      'Namespace kube-system',
      'Namespace edge',
    ])
    expect(objects[0]?.metadata.labels).not.toHaveProperty('topology.istio.io/network')
  })

  it('is not found where there is none, or where a mesh has it already', () => {
    expect(adoptReleases('east', [release({ chart: 'redis' })], undefined)).toBeUndefined()
    expect(adoptReleases('east', [release({ labels: { 'meshdeck.io/mesh': 'shop' } })], undefined)).toBeUndefined()
  })

  it('says what stands in the way', () => {
    const obstacles = (found: FoundRelease[]) => adoptReleases('east', found, undefined)?.obstacles
    expect(obstacles([release({ chart: 'base' })])).toEqual(['noIstiod', 'noVersion'])
    expect(obstacles([release(), release({ name: 'istiod-canary', values: { revision: 'canary' } })])).toEqual([
      'severalControlPlanes',
    ])
    expect(obstacles([release({ status: 'pending-upgrade' })])).toEqual(['notDeployed'])
    expect(obstacles([release({ values: { global: { externalIstiod: true } } })])).toEqual(['severalClusters'])
    expect(obstacles([release({ chartVersion: '1.0.0', appVersion: '1.0.0' })])).toEqual(['noVersion'])
  })

  it('has the version that istiod’s image has, and says what to know before', () => {
    const labels = { 'helm.toolkit.fluxcd.io/name': 'istiod' }
    const found = [release({ chartVersion: '1.0.0', labels, values: { global: { tag: 'x' } } })]
    expect(adoptReleases('east', found, '1.29.6')).toMatchObject({
      version: '1.29.6',
      spec: { adopted: { version: '1.29.6' } },
      notes: ['pinnedTag', 'gitOps'],
    })
  })
})

describe('an Istio of the Sail Operator', () => {
  it('whose version is an alias gets an exact one, and the difference is shown', () => {
    const adoption = adoptResources('east', [istio({ version: 'v1.30-latest', namespace: 'mesh' })], '1.30.3')
    expect(adoption).toMatchObject({ namespace: 'mesh', version: '1.30.3', notes: ['versionAlias'], obstacles: [] })
    expect(adoption?.parts).toMatchObject([{ kind: 'Istio', equal: false, wanted: { version: 'v1.30.3' } }])
  })

  it('keeps what its resources say beside values', () => {
    const found = [
      istio({
        version: 'v1.30.3',
        namespace: 'mesh',
        profile: 'ambient',
        updateStrategy: { type: 'RevisionBased', inactiveRevisionDeletionGracePeriodSeconds: 60 },
      }),
      {
        ...istio({ version: 'v1.30.3', namespace: 'istio-cni', values: { cni: { chained: false } } }),
        kind: 'IstioCNI',
      },
      { ...istio({ version: 'v1.30.3', namespace: 'ztunnel' }), kind: 'ZTunnel' },
    ]
    const adoption = adoptResources('east', found, undefined)
    if (adoption === undefined) throw new Error('nothing found')
    expect(adoption.parts.map(({ kind, equal }) => [kind, equal])).toEqual([
      ['Istio', true],
      ['IstioCNI', true],
      ['ZTunnel', true],
    ])
    const specs = rendered(adoption).flatMap((each) =>
      isRelease(each) || each.kind === 'Namespace' ? [] : [each.object.spec],
    )
    expect(specs).toEqual(found.map(({ spec }) => spec))
  })
})

/** Reproducible numbers from 0 to 1. Source: mulberry32. */
function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

const KEYS = ['hub', 'tag', 'proxy', 'resources', 'requests', 'cpu', 'mode', 'attempts', 'retryOn', 'autoscaleEnabled']
const ROOTS = ['global', 'pilot', 'meshConfig', 'sidecarInjectorWebhook', 'profile', 'revision']
const INNER = ['outboundTrafficPolicy', 'localityLbSetting', 'defaultHttpRetryPolicy', 'replicaCount', 'logLevel']

/** Trees over the names that have fields, with fitting and unfitting leaves. */
function randomValues(random: () => number, depth = 0): Values {
  const pick = <T>(of: readonly T[]): T => of[Math.floor(random() * of.length)] as T
  const names = depth === 0 ? ROOTS : [...KEYS, ...INNER]
  const leaves = ['REGISTRY_ONLY', '500m', 'info', '5xx,reset', '', 0, 1, 2.5, true, false, null, [], [1, { a: null }]]
  return Object.fromEntries(
    Array.from({ length: Math.floor(random() * 4) }, () => [
      pick(names),
      depth < 4 && random() < 0.55 ? randomValues(random, depth + 1) : pick(leaves),
    ]),
  )
}
