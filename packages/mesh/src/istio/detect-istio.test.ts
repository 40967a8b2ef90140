import type { KubeResource } from '@meshdeck/kube'
import { describe, expect, it } from 'vitest'
import { detectIstio, type IstioObjects } from './detect-istio.ts'

const detect = (objects: Partial<IstioObjects>) =>
  detectIstio({ deployments: [], webhooks: [], revisions: [], ...objects })

interface Istiod {
  namespace?: string
  image?: unknown
  labels?: Record<string, string>
  ready?: number
  replicas?: number
}

const istiod = ({ namespace = 'istio-system', image, labels, ready, replicas = 2 }: Istiod): KubeResource => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'istiod', namespace, labels: { app: 'istiod', ...labels } },
  spec: {
    replicas,
    template: {
      spec: {
        containers: [
          { name: 'proxy', image: 'x:9.9.9' },
          { name: 'discovery', image },
        ],
      },
    },
  },
  status: ready === undefined ? {} : { readyReplicas: ready },
})

const webhook = (name: string, labels: Record<string, string>, clientConfig: object): KubeResource => ({
  apiVersion: 'admissionregistration.k8s.io/v1',
  kind: 'MutatingWebhookConfiguration',
  metadata: { name, labels },
  webhooks: [
    {
      name: 'rev.namespace.sidecar-injector.istio.io',
      clientConfig,
      rules: [{ apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['pods'] }],
      namespaceSelector: { matchLabels: { 'istio-injection': 'enabled' } },
    },
  ],
})

const revision = (name: string, spec: object): KubeResource => ({
  apiVersion: 'sailoperator.io/v1',
  kind: 'IstioRevision',
  metadata: { name },
  spec,
})

describe('an istiod in the cluster', () => {
  it('is told with its revision, version, namespace and replicas', () => {
    const image = 'docker.io/istio/pilot:1.30.3'
    const deployments = [istiod({ image, labels: { 'istio.io/rev': '1-30-3' }, ready: 1 })]
    expect(detect({ deployments })).toEqual([
      { revision: '1-30-3', version: '1.30.3', namespace: 'istio-system', ready: 1, replicas: 2 },
    ])
  })

  it('has no ready replica until its status says so, and the revision default without a label', () => {
    expect(detect({ deployments: [istiod({ image: 'pilot:1.30.3' })] })).toMatchObject([
      { revision: 'default', ready: 0, replicas: 2 },
    ])
  })

  it.each([
    ['gcr.io:5000/istio/pilot:v1.30.3-distroless', '1.30.3'],
    ['pilot:1.30.3-debug', '1.30.3'],
    ['pilot:1.31.0-alpha.eed52ebb66ad', '1.31.0-alpha.eed52ebb66ad'],
    ['pilot:1.31.0-alpha.eed52ebb66ad-distroless', '1.31.0-alpha.eed52ebb66ad'],
    ['pilot:1.30.3@sha256:0000', '1.30.3'],
    ['pilot:latest', 'latest'],
    ['localhost:5000/pilot', 'unknown'],
    [undefined, 'unknown'],
  ])('has the version that its image %s says: %s', (image, version) => {
    expect(detect({ deployments: [istiod({ image })] })[0]?.version).toBe(version)
  })

  it('has the version of its labels when the image says none', () => {
    const image = 'pilot@sha256:0000'
    const chart = istiod({ image, labels: { 'helm.sh/chart': 'istiod-1.29.1' } })
    const app = istiod({ image, labels: { 'app.kubernetes.io/version': '1.28.0', 'helm.sh/chart': 'istiod-1.29.1' } })
    expect(detect({ deployments: [chart] })[0]?.version).toBe('1.29.1')
    expect(detect({ deployments: [app] })[0]?.version).toBe('1.28.0')
  })

  it('stands in order of namespace and revision', () => {
    const deployments = [
      istiod({ namespace: 'mesh-b', labels: { 'istio.io/rev': 'a' } }),
      istiod({ namespace: 'mesh-a', labels: { 'istio.io/rev': 'z' } }),
      istiod({ namespace: 'mesh-a', labels: { 'istio.io/rev': 'b' } }),
    ]
    expect(detect({ deployments }).map((one) => `${one.namespace}/${one.revision}`)).toEqual([
      'mesh-a/b',
      'mesh-a/z',
      'mesh-b/a',
    ])
  })
})

describe('an Istio that is known otherwise', () => {
  const service = { service: { name: 'istiod', namespace: 'mesh' } }

  it('is told without replicas when only its webhook is here', () => {
    const webhooks = [webhook('istio-sidecar-injector', { 'istio.io/rev': 'remote' }, service)]
    expect(detect({ webhooks })).toEqual([{ revision: 'remote', version: 'unknown', namespace: 'mesh' }])
  })

  it('lies in istio-system when its webhook is called by an address', () => {
    const webhooks = [webhook('istio-sidecar-injector', {}, { url: 'https://10.0.0.1:15017/inject' })]
    expect(detect({ webhooks })).toEqual([{ revision: 'default', version: 'unknown', namespace: 'istio-system' }])
  })

  it('is told once when both its istiod and its webhook are here, and not by a tag', () => {
    const webhooks = [
      webhook('istio-sidecar-injector', { 'istio.io/rev': 'default' }, service),
      webhook('istio-revision-tag-prod', { 'istio.io/rev': 'default', 'istio.io/tag': 'prod' }, service),
    ]
    expect(detect({ deployments: [istiod({ image: 'pilot:1.30.3', namespace: 'mesh' })], webhooks })).toHaveLength(1)
  })

  it('is none of the webhooks of other products', () => {
    const other = webhook('vault-agent', {}, service)
    other['webhooks'] = [{ name: 'vault.hashicorp.com', clientConfig: service, rules: [] }]
    expect(detect({ webhooks: [other] })).toEqual([])
  })

  it('is being installed when there is a Sail revision without an istiod', () => {
    const revisions = [revision('default-v1-30-3', { version: 'v1.30.3', namespace: 'mesh' })]
    expect(detect({ revisions })).toEqual([
      { revision: 'default-v1-30-3', version: '1.30.3', namespace: 'mesh', ready: 0, replicas: 1 },
    ])
  })

  it('gives its version to an istiod whose image says none', () => {
    const deployments = [istiod({ image: 'pilot', labels: { 'istio.io/rev': 'default' } })]
    const revisions = [revision('default', { version: 'v1.30.3', namespace: 'istio-system' })]
    expect(detect({ deployments, revisions })).toMatchObject([{ version: '1.30.3', replicas: 2 }])
  })
})

it('passes over what is not as it should be', () => {
  const odd: KubeResource = { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'istiod' }, spec: 'odd' }
  const revisions = [revision('odd', { version: 7 })]
  expect(detect({ deployments: [odd], revisions, webhooks: [odd] })).toEqual([
    { revision: 'default', version: 'unknown', namespace: '', ready: 0, replicas: 1 },
    { revision: 'odd', version: 'unknown', namespace: 'istio-system', ready: 0, replicas: 1 },
  ])
})
