import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { effectiveInjection, type InjectionInput } from './effective-injection.ts'
import { webhooksOfRevision, webhooksOfTag } from './webhook-fixtures.ts'
import { injectionRevisions, injectionWebhooks, revisionToEnable } from './webhooks.ts'

const defaultWebhooks = injectionWebhooks([webhooksOfRevision('default')])
const autoWebhooks = injectionWebhooks([webhooksOfRevision('default', true)])
const canaryWebhooks = injectionWebhooks([
  webhooksOfRevision('default'),
  webhooksOfRevision('canary'),
  webhooksOfTag('prod', 'canary'),
])

const enabled = { 'istio-injection': 'enabled' }
const disabled = { 'istio-injection': 'disabled' }
const on = { 'sidecar.istio.io/inject': 'true' }
const off = { 'sidecar.istio.io/inject': 'false' }
const rev = (value: string) => ({ 'istio.io/rev': value })

interface Row {
  case: string
  input: Partial<InjectionInput>
  injected: boolean
  reason: string
  revision?: string
}

describe('effectiveInjection by the default rule', () => {
  it.each<Row>([
    { case: 'nothing is set', input: {}, injected: false, reason: 'unset' },
    {
      case: 'the mesh injects by default',
      input: { meshDefault: true },
      injected: true,
      reason: 'mesh-default',
      revision: 'default',
    },
    {
      case: 'the namespace is enabled',
      input: { namespaceLabels: enabled },
      injected: true,
      reason: 'namespace-enabled',
      revision: 'default',
    },
    {
      case: 'the namespace is disabled',
      input: { namespaceLabels: disabled, meshDefault: true },
      injected: false,
      reason: 'namespace-disabled',
    },
    {
      case: 'the pod asks in a disabled namespace',
      input: { namespaceLabels: disabled, podLabels: on },
      injected: false,
      reason: 'namespace-disabled',
    },
    {
      case: 'the pod refuses in an enabled namespace',
      input: { namespaceLabels: enabled, podLabels: off },
      injected: false,
      reason: 'pod-disabled',
    },
    {
      case: 'the pod asks in a namespace without policy',
      input: { podLabels: on },
      injected: true,
      reason: 'pod-enabled',
      revision: 'default',
    },
    {
      case: 'the pod refuses under a mesh default',
      input: { podLabels: off, meshDefault: true },
      injected: false,
      reason: 'pod-disabled',
    },
    {
      case: 'the namespace asks for a revision',
      input: { namespaceLabels: rev('canary') },
      injected: true,
      reason: 'namespace-revision',
      revision: 'canary',
    },
    {
      case: 'the pod asks for a revision',
      input: { podLabels: rev('canary') },
      injected: true,
      reason: 'pod-revision',
      revision: 'canary',
    },
    {
      case: 'both labels, enabled',
      input: { namespaceLabels: { ...enabled, ...rev('canary') } },
      injected: true,
      reason: 'namespace-enabled',
      revision: 'default',
    },
    {
      case: 'both labels, disabled',
      input: { namespaceLabels: { ...disabled, ...rev('canary') } },
      injected: false,
      reason: 'namespace-disabled',
    },
    {
      case: 'a policy of another spelling',
      input: { namespaceLabels: { 'istio-injection': 'Enabled' }, meshDefault: true },
      injected: false,
      reason: 'namespace-label-invalid',
    },
    {
      case: 'a pod label of another spelling',
      input: { podLabels: { 'sidecar.istio.io/inject': 'yes' }, meshDefault: true },
      injected: false,
      reason: 'pod-label-invalid',
    },
    {
      case: 'the old annotation refuses',
      input: { namespaceLabels: enabled, podAnnotations: off },
      injected: false,
      reason: 'pod-annotation-disabled',
      revision: 'default',
    },
    {
      case: 'the label outranks the annotation',
      input: { namespaceLabels: enabled, podLabels: on, podAnnotations: off },
      injected: true,
      reason: 'namespace-enabled',
      revision: 'default',
    },
    {
      case: 'the annotation alone asks: no webhook looks at it',
      input: { podAnnotations: on },
      injected: false,
      reason: 'unset',
    },
    {
      case: 'the pod is on the host network',
      input: { namespaceLabels: enabled, hostNetwork: true },
      injected: false,
      reason: 'host-network',
    },
    {
      case: "the namespace is the system's",
      input: { namespaceName: 'kube-system', namespaceLabels: enabled },
      injected: false,
      reason: 'never-injected-namespace',
    },
    {
      case: 'the namespace is ambient',
      input: { namespaceLabels: { 'istio.io/dataplane-mode': 'ambient' } },
      injected: false,
      reason: 'ambient',
    },
    {
      case: 'the namespace is ambient and enabled',
      input: { namespaceLabels: { 'istio.io/dataplane-mode': 'ambient', ...enabled } },
      injected: true,
      reason: 'namespace-enabled',
      revision: 'default',
    },
    {
      case: 'the revision does not exist',
      input: { namespaceLabels: rev('gone'), revisions: ['default'] },
      injected: false,
      reason: 'revision-unknown',
      revision: 'gone',
    },
    {
      case: 'there is no default revision',
      input: { namespaceLabels: enabled, revisions: ['canary'] },
      injected: false,
      reason: 'revision-unknown',
      revision: 'default',
    },
  ])('$case: $reason', ({ input, injected, reason, revision }) => {
    const result = effectiveInjection({ namespaceName: 'shop', ...input })
    expect(result).toEqual({ injected, reason, ...(revision !== undefined && { revision }) })
  })
})

describe('effectiveInjection by webhooks', () => {
  it('names the real revision behind a tag', () => {
    const result = effectiveInjection({ namespaceName: 'shop', namespaceLabels: rev('prod'), webhooks: canaryWebhooks })
    expect(result).toEqual({ injected: true, reason: 'namespace-revision', revision: 'canary' })
  })

  it('says that the revision is unknown when no webhook serves it', () => {
    const result = effectiveInjection({ namespaceName: 'shop', namespaceLabels: rev('gone'), webhooks: canaryWebhooks })
    expect(result).toEqual({ injected: false, reason: 'revision-unknown', revision: 'gone' })
  })

  it('says that there is no injector when there is no webhook', () => {
    const result = effectiveInjection({ namespaceName: 'shop', namespaceLabels: enabled, webhooks: [] })
    expect(result).toMatchObject({ injected: false, reason: 'no-injector' })
  })

  it('finds a mesh default in the webhooks, whatever it is told', () => {
    expect(effectiveInjection({ namespaceName: 'shop', webhooks: autoWebhooks })).toMatchObject({
      reason: 'mesh-default',
    })
    expect(effectiveInjection({ namespaceName: 'shop', webhooks: defaultWebhooks, meshDefault: true })).toEqual({
      injected: false,
      reason: 'unset',
    })
  })

  it('believes a webhook whose selectors are not the usual ones', () => {
    const webhooks = injectionWebhooks([
      {
        apiVersion: 'admissionregistration.k8s.io/v1',
        kind: 'MutatingWebhookConfiguration',
        metadata: { name: 'custom' },
        webhooks: [{ name: 'sidecar-injector.istio.io', namespaceSelector: { matchLabels: { team: 'a' } } }],
      },
    ])
    const namespaceLabels = { ...disabled, team: 'a' }
    expect(effectiveInjection({ namespaceName: 'shop', namespaceLabels, webhooks }).reason).toBe('custom-selector')
    expect(effectiveInjection({ namespaceName: 'shop', namespaceLabels: disabled, webhooks }).injected).toBe(false)
  })

  it('knows the label that the API server puts on every namespace', () => {
    const metadata = { name: 'by-name' }
    const webhooks = injectionWebhooks([
      {
        apiVersion: 'admissionregistration.k8s.io/v1',
        kind: 'MutatingWebhookConfiguration',
        metadata,
        webhooks: [
          {
            name: 'auto.sidecar-injector.istio.io',
            namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'shop' } },
          },
        ],
      },
    ])
    expect(effectiveInjection({ namespaceName: 'shop', webhooks }).injected).toBe(true)
    expect(effectiveInjection({ namespaceName: 'books', webhooks }).injected).toBe(false)
  })

  it('leaves out webhooks that inject nothing', () => {
    const validating = { ...webhooksOfRevision('default'), webhooks: [{ name: 'validation.istio.io' }, 'broken', null] }
    expect(injectionWebhooks([validating])).toEqual([])
  })

  it('knows what enabling a namespace must write', () => {
    expect(revisionToEnable(defaultWebhooks)).toBeUndefined()
    expect(revisionToEnable(injectionWebhooks([webhooksOfRevision('canary')]))).toBe('canary')
    expect(
      revisionToEnable(injectionWebhooks([webhooksOfRevision('canary'), webhooksOfTag('default', 'canary')])),
    ).toBeUndefined()
    expect(revisionToEnable([])).toBeUndefined()
    expect(injectionRevisions(canaryWebhooks)).toEqual(['canary', 'default', 'prod'])
  })
})

const labelValue = fc.constantFrom(
  undefined,
  'enabled',
  'disabled',
  'true',
  'false',
  'default',
  'canary',
  'prod',
  'gone',
  '',
)
const labels = (...keys: string[]) =>
  fc
    .tuple(...keys.map(() => labelValue))
    .map((values) =>
      Object.fromEntries(keys.flatMap((key, index) => (values[index] === undefined ? [] : [[key, values[index]]]))),
    )
const inputs = fc.record({
  namespaceName: fc.constantFrom('shop', 'kube-system', 'local-path-storage', 'istio-system'),
  namespaceLabels: labels('istio-injection', 'istio.io/rev'),
  podLabels: labels('sidecar.istio.io/inject', 'istio.io/rev'),
  podAnnotations: labels('sidecar.istio.io/inject'),
  hostNetwork: fc.boolean(),
})

describe('effectiveInjection, always', () => {
  it('agrees with the real webhooks when it has only the rule', () => {
    fc.assert(
      fc.property(inputs, fc.boolean(), fc.boolean(), (input, meshDefault, many) => {
        const configurations = [webhooksOfRevision('default', meshDefault)]
        if (many) configurations.push(webhooksOfRevision('canary'), webhooksOfTag('prod', 'canary'))
        const revisions = many ? ['default', 'canary', 'prod'] : ['default']
        const byRule = effectiveInjection({ ...input, meshDefault, revisions })
        const byWebhooks = effectiveInjection({ ...input, webhooks: injectionWebhooks(configurations) })
        expect(byRule.injected).toBe(byWebhooks.injected)
        expect(byRule.reason).toBe(byWebhooks.reason)
      }),
      { numRuns: 2_000 },
    )
  })

  it('never injects where anybody said no', () => {
    const refusals = fc.constantFrom<Partial<InjectionInput>>(
      { namespaceLabels: disabled },
      { podLabels: off },
      { hostNetwork: true },
      { namespaceName: 'kube-public' },
    )
    const contexts = fc.constantFrom({ meshDefault: true }, { webhooks: canaryWebhooks }, { webhooks: autoWebhooks })
    fc.assert(
      fc.property(inputs, refusals, contexts, (input, refusal, context) => {
        expect(effectiveInjection({ ...input, ...context, ...refusal }).injected).toBe(false)
      }),
    )
  })
})
