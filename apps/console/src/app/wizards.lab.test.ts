/** What the wizards make, put to a real API server with istiod's webhook, by dry run. */
import { spawnSync } from 'node:child_process'
import { findKindOfObject, type KubeResource } from '@meshdeck/kube'
import { labState } from '@meshdeck/lab'
import { WIZARDS, type Answers, type WizardId, type WizardPort, type WizardWorld } from '@meshdeck/mesh'
import { expect, it } from 'vitest'

const NAMESPACE = 'default'
const istio = (kind: string, spec: object): KubeResource => ({
  apiVersion: 'networking.istio.io/v1',
  kind,
  metadata: { name: 'present', namespace: NAMESPACE },
  spec,
})
const toReviews = [{ destination: { host: 'reviews' } }]
const routed: KubeResource = {
  apiVersion: 'gateway.networking.k8s.io/v1',
  kind: 'HTTPRoute',
  metadata: { name: 'present', namespace: NAMESPACE },
  spec: {
    parentRefs: [{ group: '', kind: 'Service', name: 'reviews' }],
    rules: [{ backendRefs: [{ name: 'reviews', port: 9080 }] }],
  },
}
const called: KubeResource = {
  ...routed,
  kind: 'GRPCRoute',
  spec: { ...Object(routed.spec), rules: [{ backendRefs: [{ name: 'reviews', port: 9080 }] }] },
}
const delegating = istio('VirtualService', { hosts: ['reviews'], http: [{ delegate: { name: 'routes' } }] })
const delegate: KubeResource = {
  ...istio('VirtualService', { http: [{ route: toReviews }] }),
  metadata: { name: 'routes', namespace: NAMESPACE },
}
const mixed = istio('VirtualService', {
  hosts: ['reviews'],
  http: [{ route: toReviews }],
  tcp: [{ match: [{ port: 9081 }], route: toReviews }],
})

const ANSWERS = {
  split: { shares: 'v1=90,v2=10' },
  canary: { stable: 'v1', canary: 'v2', share: '25', header: 'x-tester', value: 'yes' },
  mirror: { version: 'v2', percentage: '20' },
  fault: { kind: 'delay', delay: '2s', percentage: '10' },
  timeout: { timeout: '5.5s', attempts: '2', perTryTimeout: '1s', retryOn: '5xx,reset' },
  breaker: { maxConnections: '10', consecutive5xxErrors: '5', interval: '10s' },
  mtls: { scope: 'service' },
  allow: { principals: 'corp/ns/default/sa/front', methods: 'GET', paths: '/api/*' },
  expose: { host: 'shop.example.com', port: '9080', tls: 'true', credential: 'c', selector: 'istio=ingressgateway' },
  external: { host: 'api.example.com', namespace: NAMESPACE, port: '443', protocol: 'TLS', originate: 'true' },
} as const satisfies Record<WizardId, Answers>
const TRAFFIC: readonly WizardId[] = ['split', 'canary', 'mirror', 'timeout', 'breaker']
const WAYPOINT = { 'istio.io/dataplane-mode': 'ambient', 'istio.io/use-waypoint': 'gate' }

interface Case {
  wizard: WizardId
  answers: Answers
  objects: readonly KubeResource[]
  protocol: string
  namespaceLabels?: Record<string, string>
}
const of = (wizard: WizardId, more: Partial<Case> = {}): Case => ({
  wizard,
  answers: ANSWERS[wizard],
  objects: [],
  protocol: 'http',
  ...more,
})
const ALL = Object.keys(WIZARDS).filter((id): id is WizardId => id in WIZARDS)
const CASES: readonly Case[] = [
  ...ALL.map((wizard) => of(wizard)),
  ...TRAFFIC.map((wizard) => of(wizard, { objects: [routed] })),
  ...(['split', 'canary', 'mirror'] as const).map((wizard) => of(wizard, { objects: [called], protocol: 'grpc' })),
  ...TRAFFIC.map((wizard) => of(wizard, { objects: [delegating, delegate] })),
  ...(['split', 'canary'] as const).flatMap((wizard) =>
    ['tcp', 'tls'].map((protocol) => of(wizard, { protocol, objects: [] })),
  ),
  ...(['http', 'tcp'] as const).map((stream) =>
    of('split', { objects: [mixed], answers: { ...ANSWERS.split, stream } }),
  ),
  of('fault', { protocol: 'grpc', answers: { kind: 'grpc', grpcStatus: 'UNAVAILABLE', percentage: '5' } }),
  of('allow', { namespaceLabels: WAYPOINT }),
]

function planned({ wizard, answers, objects, protocol, namespaceLabels = {} }: Case): readonly KubeResource[] {
  const port: WizardPort = { port: 9080, name: protocol, protocol }
  const world: WizardWorld = {
    all: (kind) => objects.filter((each) => findKindOfObject(each.apiVersion, each.kind)?.id === kind),
    service: {
      namespace: NAMESPACE,
      name: 'reviews',
      ports: [port],
      versions: ['v1', 'v2'],
      selector: { app: 'reviews' },
      namespaceLabels,
    },
    rootNamespace: 'istio-system',
    trustDomains: ['corp'],
    // The lab has the standard channel of the Gateway API.
    knows: (_kind, field) => field === 'spec.rules.name',
  }
  const plan = WIZARDS[wizard](answers, world)
  expect(plan.problems, `${wizard}: problems`).toEqual([])
  expect(plan.changes.length, `${wizard}: changes`).toBeGreaterThan(0)
  return plan.changes.map(({ after }) => after)
}

it('is accepted by the API server and istiod, without a warning', { timeout: 120_000 }, async () => {
  const { bin, kubeconfig } = await labState()
  const objects = CASES.flatMap(planned).map((object, at) => ({
    ...object,
    metadata: { ...object.metadata, name: `wizard-${at}` },
  }))
  const args = ['--kubeconfig', kubeconfig, 'create', '--dry-run=server', '--validate=strict', '-o', 'name', '-f', '-']
  const input = objects.map((object) => JSON.stringify(object)).join('\n---\n')
  const { stdout, stderr } = spawnSync(bin.kubectl, args, { input, encoding: 'utf8', maxBuffer: 10_000_000 })
  expect(stderr).toBe('')
  expect(stdout.trim().split('\n')).toHaveLength(objects.length)
  process.stdout.write(`wizards: ${CASES.length} plans, ${objects.length} objects accepted\n`)
})
