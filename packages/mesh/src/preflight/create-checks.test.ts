import type { KubeResource, Mesh } from '@meshdeck/kube'
import { describe, expect, it } from 'vitest'
import type { Fact } from './check.ts'
import { forbidden, none, object, some } from './check-fixtures.ts'
import { definitionsCheck } from './definitions.ts'
import { engineCheck } from './engine.ts'
import { istioThereCheck } from './istio-there.ts'
import { kubernetesCheck } from './kubernetes-version.ts'
import { neededRights, ownRightsCheck, rightsCheck } from './rights.ts'
import { chartsCheck, imagesCheck } from './sources.ts'

const mesh = (spec: Partial<Mesh['spec']> = {}): Mesh => ({
  apiVersion: 'meshdeck.io/v1alpha1',
  kind: 'Mesh',
  metadata: { name: 'shop' },
  spec: { mode: 'Dedicated', controlPlane: { cluster: 'east', version: '1.30.3' }, ...spec },
})

describe('Kubernetes', () => {
  it.each([
    ['v1.36.3', '1.30.3', 'ok', 'fits'],
    ['v1.32.0-gke.100', '1.30.1', 'ok', 'fits'],
    ['v1.31.9', '1.30.3', 'error', 'tooOld'],
    ['v1.31.9', '1.29.6', 'ok', 'fits'],
    ['v1.36.3', '1.9.0', 'unknown', 'strange'],
    ['garbled', '1.30.3', 'unknown', 'strange'],
  ])('%s under Istio %s is %s', (kubernetes, istio, level, reason) => {
    expect(kubernetesCheck(some(kubernetes), istio)).toMatchObject({ level, reason })
  })
  it('is open when it was not read', () => {
    expect(kubernetesCheck({ unread: 'timeout' }, '1.30.3')).toMatchObject({ level: 'unknown', reason: 'timeout' })
  })
})

describe('rights', () => {
  it('of the credential: complete, lacking by resource, not told', () => {
    expect(rightsCheck(some([]))).toMatchObject({ id: 'rights', level: 'ok' })
    const missing = ['create', 'patch'].map((verb) => ({ verb, group: 'apps', resource: 'deployments' }))
    expect(rightsCheck(some([...missing, { verb: 'get', group: '', resource: 'secrets' }]))).toMatchObject({
      level: 'error',
      params: { count: 3 },
      items: ['create, patch deployments.apps', 'get secrets'],
    })
    expect(rightsCheck(forbidden)).toMatchObject({ level: 'unknown', reason: 'forbidden' })
  })
  it('of the caller on the hub', () => {
    expect(ownRightsCheck(some([]))).toMatchObject({ id: 'ownRights', level: 'ok' })
    const missing = some([{ verb: 'create', group: 'meshdeck.io', resource: 'meshes' }])
    expect(ownRightsCheck(missing)).toMatchObject({ level: 'error', items: ['create meshes.meshdeck.io'] })
  })
  it('follow the engine, the role and the mode, each asked once', () => {
    const resources = (of: Mesh, role: 'primary' | 'remote', several: boolean) => [
      ...new Set(neededRights(of, { cluster: 'east', role }, several).map(({ resource }) => resource)),
    ]
    expect(resources(mesh(), 'primary', false)).toEqual(['namespaces', 'istios'])
    expect(resources(mesh({ dataPlane: { mode: 'Ambient' } }), 'primary', false)).toContain('ztunnels')
    expect(resources(mesh(), 'primary', true)).toContain('virtualservices')
    expect(resources(mesh(), 'remote', true)).not.toContain('virtualservices')
    expect(resources(mesh({ dataPlane: { discovery: 'Local' } }), 'primary', false)).toContain('sidecars')
    const byHelm = neededRights(mesh({ engine: 'Helm' }), { cluster: 'east', role: 'primary' }, true)
    expect(byHelm.map(({ verb, resource }) => `${verb} ${resource}`)).toContain('escalate clusterroles')
    const printed = byHelm.map((right) => JSON.stringify(right))
    expect(new Set(printed).size).toBe(printed.length)
  })
})

describe('the engine', () => {
  const crd = (versions?: string[]) =>
    object(
      'CustomResourceDefinition',
      { name: 'istios.sailoperator.io' },
      {
        spec: {
          versions: [
            {
              schema: {
                openAPIV3Schema: {
                  properties: { spec: { properties: { version: versions === undefined ? {} : { enum: versions } } } },
                },
              },
            },
          ],
        },
      },
    )
  const operator = (ready: number) =>
    object('Deployment', { name: 'sail-operator', namespace: 'sail-operator' }, { status: { readyReplicas: ready } })
  const sail = (definitions: Fact<readonly KubeResource[]>, deployments: Fact<readonly KubeResource[]>) =>
    engineCheck({ engine: 'Sail', version: '1.30.3', definitions, deployments })

  it('Sail: ready, silent, unseen, absent, without the version, not read', () => {
    expect(sail(some([crd(['v1.30.3'])]), some([operator(1)]))).toMatchObject({ level: 'ok', reason: 'sailReady' })
    expect(sail(some([crd()]), some([operator(0)]))).toMatchObject({ level: 'error', reason: 'sailNotReady' })
    expect(sail(some([crd()]), none)).toMatchObject({ level: 'warning', reason: 'sailUnseen' })
    expect(sail(none, none)).toMatchObject({ level: 'error', reason: 'sailAbsent' })
    expect(sail(some([crd(['v1.29.0'])]), some([operator(1)]))).toMatchObject({ level: 'error', reason: 'sailVersion' })
    expect(sail(forbidden, none)).toMatchObject({ level: 'unknown', reason: 'forbidden' })
    expect(sail(some([crd()]), forbidden)).toMatchObject({ level: 'unknown', reason: 'forbidden' })
  })
  it('Helm: ready, not ready with its words, not set up', () => {
    const helm = (report?: { ready: boolean; message?: string }) =>
      engineCheck({
        engine: 'Helm',
        version: '1.30.3',
        definitions: none,
        deployments: none,
        ...(report ? { helm: report } : {}),
      })
    expect(helm({ ready: true })).toMatchObject({ level: 'ok', reason: 'helmReady' })
    expect(helm({ ready: false, message: 'no program helm' })).toMatchObject({
      level: 'error',
      reason: 'helmNotReady',
      params: { message: 'no program helm' },
    })
    expect(helm()).toMatchObject({ level: 'error', reason: 'helmUnset' })
  })
})

describe('charts', () => {
  it.each([
    [{ state: 'found' }, 'ok', 'found'],
    [{ state: 'absent', message: '404' }, 'error', 'absent'],
    [{ state: 'unreachable', message: 'timeout' }, 'warning', 'unreachable'],
    [{ state: 'refused', message: '401' }, 'warning', 'refused'],
    [{ state: 'notSeen' }, 'unknown', 'folder'],
  ] as const)('that answer %o are %s', (answer, level, reason) => {
    expect(chartsCheck('Helm', 'https://charts.example', answer)).toMatchObject({ level, reason })
  })
  it('are not needed by the operator, and the controller’s own are its own matter', () => {
    expect(chartsCheck('Sail', undefined, { state: 'notSeen' })).toMatchObject({ level: 'ok', reason: 'notNeeded' })
    expect(chartsCheck('Helm', undefined, { state: 'notSeen' })).toMatchObject({
      level: 'unknown',
      reason: 'ofController',
    })
  })
})

describe('images', () => {
  const pod = (image: string, phase: string, waiting?: string) =>
    object(
      'Pod',
      { name: 'p', namespace: 'n' },
      {
        spec: { containers: [{ name: 'c', image }] },
        status: {
          phase,
          containerStatuses: [{ state: waiting === undefined ? {} : { waiting: { reason: waiting } } }],
        },
      },
    )
  it('run already, lie on a node, cannot be pulled, were never tried', () => {
    expect(imagesCheck('r.example/istio', none, some([pod('r.example/istio/proxyv2:1', 'Running')]))).toMatchObject({
      level: 'ok',
      reason: 'runs',
      params: { pod: 'n/p' },
    })
    const holder = object(
      'Node',
      { name: 'one' },
      { status: { images: [{ names: ['docker.io/istio/pilot:1.30.3'] }] } },
    )
    expect(imagesCheck(undefined, some([holder]), none)).toMatchObject({ level: 'ok', reason: 'onNode' })
    expect(
      imagesCheck('r.example/istio', none, some([pod('r.example/istio/pilot:1', 'Pending', 'ErrImagePull')])),
    ).toMatchObject({ level: 'warning', reason: 'pullFails', items: ['n/p'] })
    expect(
      imagesCheck('r.example/istio', none, some([pod('r.example/istio-mirror/pilot:1', 'Running')])),
    ).toMatchObject({
      level: 'unknown',
      reason: 'notTried',
    })
    expect(imagesCheck('r.example/istio', forbidden, forbidden)).toMatchObject({
      level: 'unknown',
      reason: 'forbidden',
    })
  })
  it('are told apart from those of another registry', () => {
    expect(imagesCheck(undefined, none, some([pod('istio/proxyv2:1', 'Running')]))).toMatchObject({ reason: 'runs' })
    expect(imagesCheck(undefined, none, some([pod('r.example/istio/proxyv2:1', 'Running')]))).toMatchObject({
      reason: 'notTried',
    })
  })
})

describe('definitions', () => {
  const crd = (name: string, metadata: Partial<KubeResource['metadata']> = {}) =>
    object('CustomResourceDefinition', { name, ...metadata })
  const byHelm = (name: string, namespace = 'istio-system') =>
    crd('gateways.networking.istio.io', {
      annotations: { 'meta.helm.sh/release-name': name, 'meta.helm.sh/release-namespace': namespace },
    })
  const ask = (engine: 'Helm' | 'Sail', definitions: Fact<readonly KubeResource[]>) =>
    definitionsCheck({ engine, release: { namespace: 'istio-system', name: 'istio-base' }, definitions })
  it('for Helm: none, its own, another’s, nobody’s', () => {
    expect(ask('Helm', some([crd('gateways.gateway.networking.k8s.io')]))).toMatchObject({
      level: 'ok',
      reason: 'none',
    })
    expect(ask('Helm', some([byHelm('istio-base')]))).toMatchObject({ level: 'ok', reason: 'ours' })
    expect(ask('Helm', some([byHelm('base')]))).toMatchObject({
      level: 'error',
      reason: 'otherOwner',
      items: ['Helm istio-system/base (1)'],
    })
    expect(ask('Helm', some([crd('gateways.networking.istio.io')]))).toMatchObject({
      level: 'error',
      reason: 'noOwner',
    })
    expect(ask('Helm', forbidden)).toMatchObject({ level: 'unknown' })
  })
  it('for the operator: there, or shared with somebody who may take them away', () => {
    expect(ask('Sail', some([crd('gateways.networking.istio.io')]))).toMatchObject({ level: 'ok', reason: 'there' })
    const olm = crd('gateways.networking.istio.io', { labels: { 'olm.managed': 'true' } })
    expect(ask('Sail', some([olm]))).toMatchObject({ level: 'ok', reason: 'there' })
    expect(ask('Sail', some([byHelm('istio-base')]))).toMatchObject({ level: 'warning', reason: 'shared' })
    const flux = crd('gateways.networking.istio.io', { labels: { 'kustomize.toolkit.fluxcd.io/name': 'infra' } })
    expect(ask('Sail', some([flux]))).toMatchObject({ level: 'warning', items: ['infra (1)'] })
  })
})

describe('an Istio that is there', () => {
  const istiod = (revision: string, namespace: string) => ({ revision, namespace, version: '1.29.6' })
  const ask = (meshes: string[], istiods: Parameters<typeof istioThereCheck>[0]['istiods']) =>
    istioThereCheck({ meshes, revision: 'default', namespace: 'istio-system', istiods })
  it('is none, another one, the same, another mesh’s, or not read', () => {
    expect(ask([], some([]))).toMatchObject({ level: 'ok', reason: 'none' })
    expect(ask([], some([istiod('old', 'istio-old')]))).toMatchObject({
      level: 'warning',
      items: ['1.29.6 (istio-old, old)'],
    })
    expect(ask([], some([istiod('default', 'elsewhere')]))).toMatchObject({ level: 'error', reason: 'same' })
    expect(ask([], some([istiod('old', 'istio-system')]))).toMatchObject({ level: 'error', reason: 'same' })
    expect(ask(['bank'], some([]))).toMatchObject({ level: 'error', reason: 'inMesh', params: { meshes: 'bank' } })
    expect(ask([], forbidden)).toMatchObject({ level: 'unknown' })
  })
})
