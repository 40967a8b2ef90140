import type { Mesh } from '@meshdeck/kube'
import { describe, expect, it } from 'vitest'
import { istioValues } from './istio-values.ts'
import { placesOf, type Place } from './place.ts'
import { isRelease, type Planned, type PlannedObject } from './plan.ts'
import { renderMember } from './render-member.ts'
import { toBase64 } from './to-base64.ts'
import { releasesFor, upgradeFor } from './versions.ts'

const mesh = (spec: Partial<Mesh['spec']> = {}): Mesh => ({
  apiVersion: 'meshdeck.io/v1alpha1',
  kind: 'Mesh',
  metadata: { name: 'shop' },
  spec: { mode: 'Dedicated', controlPlane: { cluster: 'east', version: '1.30.3' }, ...spec },
})
const EAST: Place = { cluster: 'east', role: 'primary' }
const ALONE = { several: false }
const objectsOf = (planned: readonly Planned[]): PlannedObject[] =>
  planned.flatMap((each) => (isRelease(each) ? [] : [each]))
const LABELS = { 'app.kubernetes.io/managed-by': 'meshdeck', 'meshdeck.io/mesh': 'shop' }

describe('a dedicated mesh', () => {
  it('is a namespace and an Istio, with as little said as can be', () => {
    expect(renderMember(mesh(), EAST)).toEqual([
      {
        step: 'namespaces',
        kind: 'Namespace',
        object: { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'istio-system', labels: LABELS } },
      },
      {
        step: 'controlPlane',
        kind: 'Istio',
        object: {
          apiVersion: 'sailoperator.io/v1',
          kind: 'Istio',
          metadata: { name: 'default', labels: LABELS },
          spec: {
            version: 'v1.30.3',
            namespace: 'istio-system',
            updateStrategy: { type: 'InPlace' },
            values: {
              global: { istioNamespace: 'istio-system', meshID: 'shop', multiCluster: { clusterName: 'east' } },
              pilot: { autoscaleEnabled: false, replicaCount: 1 },
              meshConfig: {},
            },
          },
        },
      },
    ])
  })

  it('without sidecars has the node agents too, each in its namespace, and knows its network', () => {
    const planned = objectsOf(renderMember(mesh({ dataPlane: { mode: 'Ambient' } }), { ...EAST, network: 'blue' }))
    expect(planned.map(({ step, object }) => `${step} ${object.kind} ${object.metadata.name}`)).toEqual([
      'namespaces Namespace istio-system',
      'namespaces Namespace istio-cni',
      'namespaces Namespace ztunnel',
      'controlPlane Istio default',
      'nodeAgents IstioCNI default',
      'nodeAgents ZTunnel default',
    ])
    expect(planned[0]?.object.metadata.labels).toEqual({ ...LABELS, 'topology.istio.io/network': 'blue' })
    expect(planned.at(-1)?.object.spec).toEqual({
      version: 'v1.30.3',
      namespace: 'ztunnel',
      values: { ztunnel: { multiCluster: { clusterName: 'east' }, network: 'blue' } },
    })
    expect(planned[3]?.object.spec).toMatchObject({ profile: 'ambient', values: { pilot: { cni: { enabled: true } } } })
  })
})

describe('values', () => {
  it('say what each field of the mesh asks for', () => {
    const full = mesh({
      controlPlane: {
        cluster: 'east',
        version: '1.30.3',
        hub: 'mirror.example/istio',
        size: 'S200P1000',
        highAvailability: true,
      },
      dataPlane: {
        injectByDefault: true,
        logLevel: 'debug',
        imagePullPolicy: 'Always',
        resources: { requests: { cpu: '50m' } },
      },
      traffic: {
        outbound: 'REGISTRY_ONLY',
        locality: { enabled: true },
        retries: { attempts: 3, retryOn: ['5xx', 'reset'] },
      },
      tracing: { enabled: true, sampling: 5, service: 'collector.observe.svc' },
    })
    expect(istioValues(full, EAST, ALONE)).toEqual({
      global: {
        istioNamespace: 'istio-system',
        meshID: 'shop',
        multiCluster: { clusterName: 'east' },
        hub: 'mirror.example/istio',
        imagePullPolicy: 'Always',
        proxy: { resources: { requests: { cpu: '50m' } }, logLevel: 'debug' },
      },
      pilot: {
        resources: { requests: { cpu: '400m', memory: '500Mi' }, limits: { cpu: '2000m', memory: '2000Mi' } },
        autoscaleEnabled: true,
        autoscaleMin: 2,
        traceSampling: 5,
      },
      meshConfig: {
        outboundTrafficPolicy: { mode: 'REGISTRY_ONLY' },
        localityLbSetting: { enabled: true },
        defaultHttpRetryPolicy: { attempts: 3, retryOn: '5xx,reset' },
        enableTracing: true,
        extensionProviders: [
          { name: 'meshdeck-tracing', opentelemetry: { service: 'collector.observe.svc', port: 4_317 } },
        ],
        defaultProviders: { tracing: ['meshdeck-tracing'] },
      },
      sidecarInjectorWebhook: { enableNamespacesByDefault: true },
    })
  })

  it('of the mesh, then of the member, are merged last; null takes away', () => {
    const own = mesh({ values: { global: { meshID: 'other', extra: 1 }, pilot: { replicaCount: null } } })
    const values = istioValues(own, { ...EAST, values: { global: { extra: 2 } } }, ALONE)
    expect(values).toMatchObject({
      global: { meshID: 'other', extra: 2, multiCluster: { clusterName: 'east' } },
      pilot: { autoscaleEnabled: false },
    })
    expect(values['pilot']).not.toHaveProperty('replicaCount')
  })
})

describe('on OpenShift', () => {
  const there: Place = { ...EAST, platform: 'OpenShift' }
  const summary = (planned: readonly Planned[]) =>
    planned.map((each) =>
      isRelease(each)
        ? [each.release.name, each.release.namespace, each.release.values]
        : [each.object.kind, each.object.metadata.name, each.object.spec ?? {}],
    )

  it('Helm gets the platform for each chart, and the CNI plugin is installed for sidecars, too', () => {
    const planned = renderMember(mesh({ engine: 'Helm' }), there)
    expect(summary(planned)).toEqual([
      ['Namespace', 'istio-system', {}],
      ['Namespace', 'istio-cni', {}],
      [
        'istio-base',
        'istio-system',
        { defaultRevision: 'default', global: { istioNamespace: 'istio-system', platform: 'openshift' } },
      ],
      [
        'istiod',
        'istio-system',
        {
          global: {
            tag: '1.30.3',
            istioNamespace: 'istio-system',
            meshID: 'shop',
            multiCluster: { clusterName: 'east' },
            platform: 'openshift',
          },
          pilot: { autoscaleEnabled: false, replicaCount: 1, cni: { enabled: true, provider: 'multus' } },
          meshConfig: {},
        },
      ],
      ['istio-cni', 'istio-cni', { global: { tag: '1.30.3', platform: 'openshift' } }],
    ])
  })

  it('Helm installs ztunnel for the platform, and istiod trusts it where it is', () => {
    const planned = renderMember(mesh({ engine: 'Helm', dataPlane: { mode: 'Ambient' } }), there)
    expect(summary(planned).at(-1)).toEqual([
      'ztunnel',
      'ztunnel',
      { tag: '1.30.3', platform: 'openshift', istioNamespace: 'istio-system', multiCluster: { clusterName: 'east' } },
    ])
    const istiod = planned.flatMap((each) => (isRelease(each) ? [each.release] : []))[1]
    expect(istiod?.values['pilot']).toMatchObject({ trustedZtunnelNamespace: 'ztunnel' })
  })

  it.each([
    ['Sidecar', 'openshift'],
    ['Ambient', 'openshift-ambient'],
  ] as const)('the operator gets its profile for %s', (mode, profile) => {
    const planned = objectsOf(renderMember(mesh({ dataPlane: { mode } }), there))
    for (const kind of ['Istio', 'IstioCNI'])
      expect(planned.find(({ object }) => object.kind === kind)?.object.spec).toMatchObject({ profile })
  })

  it('is what was found in a cluster, unless the mesh says otherwise', () => {
    const found = (): 'OpenShift' => 'OpenShift'
    const network = () => undefined
    const said = mesh({ mode: 'Managed', members: [{ cluster: 'west', platform: 'Kubernetes' }, { cluster: 'south' }] })
    expect(placesOf(said, network, found).map(({ platform }) => platform)).toEqual([
      'OpenShift',
      'Kubernetes',
      'OpenShift',
    ])
    const control = mesh({ controlPlane: { cluster: 'east', version: '1.30.3', platform: 'Kubernetes' } })
    expect(placesOf(control, network, found)[0]?.platform).toBe('Kubernetes')
  })
})

it('a mesh whose sidecars know their own namespace has a Sidecar for all', () => {
  const planned = objectsOf(renderMember(mesh({ dataPlane: { discovery: 'Local' } }), EAST))
  expect(planned.at(-1)).toMatchObject({
    step: 'defaults',
    object: {
      metadata: { name: 'default', namespace: 'istio-system' },
      spec: { egress: [{ hosts: ['./*', 'istio-system/*'] }] },
    },
  })
})

it('a mesh that leaves out hosts that fail has a DestinationRule for all services', () => {
  const planned = objectsOf(renderMember(mesh({ traffic: { outlierDetection: { interval: '5s' } } }), EAST))
  expect(planned.at(-1)).toEqual({
    step: 'defaults',
    kind: 'DestinationRule',
    object: {
      apiVersion: 'networking.istio.io/v1',
      kind: 'DestinationRule',
      metadata: { name: 'outlier-detection', namespace: 'istio-system', labels: LABELS },
      spec: { host: '*.local', trafficPolicy: { outlierDetection: { interval: '5s' } } },
    },
  })
})

describe('a managed mesh', () => {
  const managed = (spec: Partial<Mesh['spec']> = {}): Mesh =>
    mesh({ mode: 'Managed', members: [{ cluster: 'west', network: 'green' }], ...spec })
  const networks: Record<string, string> = { east: 'blue' }
  const named = (planned: readonly Planned[]): string[] =>
    planned.map((each) =>
      isRelease(each)
        ? `${each.step}: release ${each.release.name}`
        : `${each.step}: ${each.object.kind} ${each.object.metadata.name}`,
    )

  it('has its control plane first, then each member once, and a network for each', () => {
    expect(placesOf(managed(), (cluster) => networks[cluster])).toEqual([
      { cluster: 'east', role: 'primary', network: 'blue' },
      { cluster: 'west', role: 'remote', network: 'green' },
    ])
    const named = managed({ members: [{ cluster: 'east', values: { a: 1 } }, { cluster: 'west' }] })
    expect(placesOf(named, () => undefined)).toEqual([
      { cluster: 'east', role: 'primary', network: 'default', values: { a: 1 } },
      { cluster: 'west', role: 'remote', network: 'default' },
    ])
  })

  it.each([
    [
      'Sail',
      [
        'namespaces: Namespace istio-system',
        'trust: Secret cacerts',
        'controlPlane: Istio default',
        'gateways: ServiceAccount istio-eastwestgateway',
        'gateways: Deployment istio-eastwestgateway',
        'gateways: Service istio-eastwestgateway',
        'gateways: Gateway istiod-gateway',
        'gateways: VirtualService istiod-vs',
        'gateways: Gateway cross-network-gateway',
        'remoteSecrets: Secret istio-remote-secret-west',
      ],
      [
        'namespaces: Namespace istio-system',
        'controlPlane: Istio default',
        'gateways: ServiceAccount istio-eastwestgateway',
        'gateways: Deployment istio-eastwestgateway',
        'gateways: Service istio-eastwestgateway',
        'reader: Secret istio-reader-service-account-istio-remote-secret-token',
      ],
    ],
    [
      'Helm',
      [
        'namespaces: Namespace istio-system',
        'trust: Secret cacerts',
        'controlPlane: release istio-base',
        'controlPlane: release istiod',
        'gateways: release istio-eastwestgateway',
        'gateways: Gateway istiod-gateway',
        'gateways: VirtualService istiod-vs',
        'gateways: Gateway cross-network-gateway',
        'remoteSecrets: Secret istio-remote-secret-west',
      ],
      [
        'namespaces: Namespace istio-system',
        'controlPlane: release istio-base',
        'controlPlane: release istiod',
        'gateways: release istio-eastwestgateway',
        'reader: Secret istio-reader-service-account-istio-remote-secret-token',
      ],
    ],
  ] as const)('over two networks by %s is the recipe of Istio', (engine, primary, remote) => {
    const record = managed({ engine })
    const places = placesOf(record, (cluster) => networks[cluster])
    const [east, west] = places
    if (!east || !west) throw new Error('two places')
    const around = {
      places,
      authority: { root: 'r', certificate: 'c', key: 'k', chain: 'cr' },
      pilotAddress: '203.0.113.7',
      access: [{ cluster: 'west', server: 'https://west:6443', ca: 'ca', token: 'token' }],
    }
    expect(named(renderMember(record, east, around))).toEqual(primary)
    const inWest = renderMember(record, west, around)
    expect(named(inWest)).toEqual(remote)
    expect(JSON.stringify(inWest)).toContain('"injectionPath":"/inject/cluster/west/net/green"')
    expect(JSON.stringify(inWest)).toContain('"remotePilotAddress":"203.0.113.7"')
    // Before istiod has an address there is no member to make.
    expect(named(renderMember(record, west, { places }))).toEqual(['namespaces: Namespace istio-system'])
    expect(objectsOf(inWest)[0]?.object.metadata.annotations).toEqual({
      'topology.istio.io/controlPlaneClusters': 'east',
    })
  })

  it('in one network needs no gateway between networks', () => {
    const record = managed({ members: [{ cluster: 'west', network: 'blue' }] })
    const places = placesOf(record, (cluster) => networks[cluster])
    const [east, west] = places
    if (!east || !west) throw new Error('two places')
    expect(named(renderMember(record, east, { places }))).not.toContain('gateways: Gateway cross-network-gateway')
    expect(named(renderMember(record, west, { places, pilotAddress: 'istiod.example' }))).toEqual([
      'namespaces: Namespace istio-system',
      'controlPlane: Istio default',
      'reader: Secret istio-reader-service-account-istio-remote-secret-token',
    ])
  })
})

it.each([
  ['', ''],
  ['f', 'Zg=='],
  ['fo', 'Zm8='],
  ['foo', 'Zm9v'],
  ['foob', 'Zm9vYg=='],
  ['fooba', 'Zm9vYmE='],
  ['foobar', 'Zm9vYmFy'],
  ['{"a":"https://b"}', 'eyJhIjoiaHR0cHM6Ly9iIn0='],
])('base64 of %j is that of RFC 4648', (text, encoded) => {
  expect(toBase64(text)).toBe(encoded)
})

it.each([
  ['v1.36.3', ['1.30.3', '1.29.6', '1.28.10']],
  ['v1.31.0+k3s1', ['1.29.6', '1.28.10']],
  ['v1.20.1', []],
  [undefined, ['1.30.3', '1.29.6', '1.28.10']],
])('Kubernetes %s can run the Istio that supports it', (kubernetes, versions) => {
  expect(releasesFor(kubernetes).map(({ version }) => version)).toEqual(versions)
})

describe('the version that a mesh can be upgraded to', () => {
  it('is the newest patch of the next minor, or of its own when that is the last', () => {
    expect(upgradeFor('1.28.1', 'v1.36.3')).toBe('1.29.6')
    expect(upgradeFor('v1.30.0', 'v1.36.3')).toBe('1.30.3')
    expect(upgradeFor('1.30.3', 'v1.36.3')).toBeUndefined()
  })

  it('fits the cluster’s Kubernetes, and is none while its own is not known or too old for one step', () => {
    expect(upgradeFor('1.29.6', 'v1.30.0')).toBeUndefined()
    expect(upgradeFor('1.24.0', 'v1.36.3')).toBeUndefined()
    expect(upgradeFor(undefined, 'v1.36.3')).toBeUndefined()
  })
})
