import { describe, expect, it } from 'vitest'
import { installProblems, EMPTY_INSTALL, stepOf, toInstalledMesh } from './install-draft.ts'
import { hostsOf } from '../../resource-kit/mesh-hosts.ts'
import { clusterWithIstio } from './fixtures.ts'

const good = { ...EMPTY_INSTALL, name: 'shop', cluster: 'east', version: '1.30.3' }

describe('what can be wrong', () => {
  it.each([
    [{ ...good }, {}],
    [{ ...EMPTY_INSTALL }, { name: 'nameMissing', cluster: 'clusterMissing' }],
    [{ ...good, name: 'Shop' }, { name: 'nameInvalid' }],
    [{ ...good, namespace: 'Mesh_1' }, { namespace: 'namespaceInvalid' }],
    [{ ...good, istiod: { ...good.istiod, memoryLimit: 'lots' } }, { istiod: 'quantity' }],
    [{ ...good, istiod: { ...good.istiod, memoryLimit: '-1Gi' } }, { istiod: 'quantity' }],
    [{ ...good, istiod: { ...good.istiod, cpuRequest: '2', cpuLimit: '1500m' } }, { istiod: 'requestAboveLimit' }],
    [{ ...good, istiod: { ...good.istiod, memoryRequest: '1Gi', memoryLimit: '1024Mi' } }, {}],
    [
      { ...good, resources: { ...good.resources, memoryRequest: '1G', memoryLimit: '1M' } },
      { resources: 'requestAboveLimit' },
    ],
    [{ ...good, hub: 'https://registry.example/istio' }, { hub: 'hubInvalid' }],
    [{ ...good, hub: ' registry.example:5000/istio ' }, {}],
    [
      { ...good, tracing: { ...good.tracing, enabled: true, service: 'http://c:4317' } },
      { tracing: 'collectorInvalid' },
    ],
    [{ ...good, locality: { locality: { failover: [{ from: 'a', to: 'a' }] } } }, { locality: 'localityInvalid' }],
    [{ ...good, locality: { outlierDetection: { interval: 'often' } } }, { locality: 'localityInvalid' }],
    [{ ...good, name: 'taken' }, { name: 'nameTaken' }],
    [{ ...good, tracing: { ...good.tracing, enabled: true } }, { tracing: 'collectorMissing' }],
    [
      { ...good, tracing: { ...good.tracing, enabled: true, service: 'c', sampling: 101 } },
      { sampling: 'samplingRange' },
    ],
    [{ ...good, retries: { own: true, attempts: 1.5, retryOn: ['5xx'] } }, { attempts: 'attemptsRange' }],
    [{ ...good, retries: { own: true, attempts: 2, retryOn: [] } }, { retryOn: 'retryOnMissing' }],
    [{ ...good, resources: { ...good.resources, cpuLimit: 'much' } }, { resources: 'quantity' }],
  ])('is told by field', (draft, problems) => {
    expect(installProblems(draft, ['taken'])).toEqual(problems)
  })

  it('sends one to the first step that has it', () => {
    expect(stepOf({ resources: 'quantity', sampling: 'samplingRange' })).toBe('system')
    expect(stepOf({})).toBeUndefined()
  })
})

it('a cluster can host a mesh, or says why not', () => {
  const operator = [{ type: 'OperatorReady', status: 'True', reason: 'Installed', message: '' }] as const
  const bare = { istio: [], conditions: [...operator], version: 'v1.36.3' }
  const clusters = [
    clusterWithIstio(bare),
    clusterWithIstio({ ...bare, state: 'lost' }),
    clusterWithIstio({ ...bare, meshes: ['shop'] }),
    clusterWithIstio({ conditions: [...operator] }),
    clusterWithIstio({ istio: [] }),
    clusterWithIstio({ ...bare, version: 'v1.20.0' }),
  ]
  expect(hostsOf(clusters).map(({ obstacle }) => obstacle)).toEqual([
    undefined,
    'lost',
    'inMesh',
    'hasIstio',
    'noEngine',
    'tooOld',
  ])
})

it('a managed mesh names its members, their networks, and how they come to istiod', () => {
  const managed = {
    ...good,
    mode: 'Managed' as const,
    network: 'blue',
    members: [{ cluster: 'west', network: ' green ' }],
    access: { type: 'NodePort' as const, address: ' 203.0.113.7 ', annotations: 'a/b: c\n\nd=e ' },
    authority: 'corporate-ca',
  }
  expect(installProblems(managed, [])).toEqual({})
  expect(toInstalledMesh(managed).spec).toMatchObject({
    mode: 'Managed',
    controlPlane: { access: { type: 'NodePort', address: '203.0.113.7', annotations: { 'a/b': 'c', d: 'e' } } },
    trust: { secretRef: { name: 'corporate-ca' } },
    members: [
      { cluster: 'east', network: 'blue' },
      { cluster: 'west', network: 'green' },
    ],
  })
  expect(
    installProblems(
      {
        ...managed,
        members: [],
        network: '-',
        access: { type: 'NodePort', address: '', annotations: 'nothing' },
        authority: 'A_B',
      },
      [],
    ),
  ).toEqual({
    members: 'membersMissing',
    network: 'networkInvalid',
    address: 'addressMissing',
    annotations: 'annotationsInvalid',
    authority: 'secretInvalid',
  })
  expect(installProblems({ ...managed, access: { ...managed.access, address: 'http://x' } }, [])).toEqual({
    address: 'addressInvalid',
  })
})

it('the record says what was chosen, and nothing that was left to Istio', () => {
  expect(toInstalledMesh(good).spec).toEqual({
    mode: 'Dedicated',
    engine: 'Sail',
    controlPlane: { cluster: 'east', version: '1.30.3', size: 'S50P200', highAvailability: false },
    dataPlane: { mode: 'Sidecar', injectByDefault: false },
    traffic: { outbound: 'ALLOW_ANY' },
  })
  const full = toInstalledMesh({
    ...good,
    displayName: ' Shop ',
    hub: 'mirror.example/istio',
    platform: 'OpenShift',
    ambient: true,
    injectByDefault: true,
    protect: true,
    namespace: 'mesh-one',
    discovery: 'Local',
    istiod: { cpuRequest: '1', cpuLimit: '', memoryRequest: '', memoryLimit: '2Gi' },
    tracing: { enabled: true, sampling: 5, service: ' c ', port: 4317 },
    retries: { own: true, attempts: 0, retryOn: [] },
    resources: { cpuRequest: '50m', cpuLimit: '', memoryRequest: '', memoryLimit: ' 1Gi ' },
  }).spec
  expect(full).toMatchObject({
    displayName: 'Shop',
    protected: true,
    controlPlane: {
      hub: 'mirror.example/istio',
      platform: 'OpenShift',
      namespace: 'mesh-one',
      resources: { requests: { cpu: '1' }, limits: { memory: '2Gi' } },
    },
    dataPlane: {
      mode: 'Ambient',
      discovery: 'Local',
      resources: { requests: { cpu: '50m' }, limits: { memory: '1Gi' } },
    },
    traffic: { retries: { attempts: 0, retryOn: [] } },
    tracing: { enabled: true, sampling: 5, service: 'c', port: 4317 },
  })
  expect(full.dataPlane).not.toHaveProperty('injectByDefault')
})
