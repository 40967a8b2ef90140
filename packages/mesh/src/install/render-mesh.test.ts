import type { Mesh } from '@meshdeck/kube'
import { describe, expect, it } from 'vitest'
import { istioValues } from './istio-values.ts'
import { renderMember } from './render-mesh.ts'
import { releasesFor } from './versions.ts'

const mesh = (spec: Partial<Mesh['spec']> = {}): Mesh => ({
  apiVersion: 'meshdeck.io/v1alpha1',
  kind: 'Mesh',
  metadata: { name: 'shop' },
  spec: { mode: 'Dedicated', controlPlane: { cluster: 'east', version: '1.30.3' }, ...spec },
})
const LABELS = { 'app.kubernetes.io/managed-by': 'meshdeck', 'meshdeck.io/mesh': 'shop' }

describe('a dedicated mesh', () => {
  it('is a namespace and an Istio, with as little said as can be', () => {
    expect(renderMember(mesh(), { cluster: 'east' })).toEqual([
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
    const planned = renderMember(mesh({ dataPlane: { mode: 'Ambient' } }), { cluster: 'east', network: 'blue' })
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
    expect(istioValues(full, { cluster: 'east' })).toEqual({
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
    const values = istioValues(own, { cluster: 'east', values: { global: { extra: 2 } } })
    expect(values).toMatchObject({
      global: { meshID: 'other', extra: 2, multiCluster: { clusterName: 'east' } },
      pilot: { autoscaleEnabled: false },
    })
    expect(values['pilot']).not.toHaveProperty('replicaCount')
  })
})

it.each([
  ['v1.36.3', ['1.30.3', '1.29.6', '1.28.10']],
  ['v1.31.0+k3s1', ['1.29.6', '1.28.10']],
  ['v1.20.1', []],
  [undefined, ['1.30.3', '1.29.6', '1.28.10']],
])('Kubernetes %s can run the Istio that supports it', (kubernetes, versions) => {
  expect(releasesFor(kubernetes).map(({ version }) => version)).toEqual(versions)
})
