/** The operator's five definitions, as far as clients can tell: names, columns, the rules of their fields. */
import type { KubeObject } from '../kube-object.ts'

type Schema = Readonly<Record<string, unknown>>

const TEXT: Schema = { type: 'string' }
const FREE: Schema = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true }
const IMMUTABLE = [{ rule: 'self == oldSelf', message: 'Value is immutable' }]
const NAMED_DEFAULT = [{ rule: "self.metadata.name == 'default'", message: "metadata.name must be 'default'" }]
const PROFILE: Schema = {
  type: 'string',
  enum: [
    'ambient',
    'default',
    'demo',
    'empty',
    'external',
    'openshift',
    'openshift-ambient',
    'preview',
    'remote',
    'stable',
  ],
}
const VERSION: Schema = { type: 'string', default: 'v1.30.3' }
const TARGET: Schema = {
  type: 'object',
  required: ['kind', 'name'],
  properties: { kind: { type: 'string', enum: ['Istio', 'IstioRevision'] }, name: { type: 'string', maxLength: 253 } },
}
const STATUS: Schema = {
  type: 'object',
  properties: {
    observedGeneration: { type: 'integer', format: 'int64' },
    state: TEXT,
    activeRevisionName: TEXT,
    istiodNamespace: TEXT,
    istioRevision: TEXT,
    revisions: {
      type: 'object',
      properties: { total: { type: 'integer' }, ready: { type: 'integer' }, inUse: { type: 'integer' } },
    },
    conditions: {
      type: 'array',
      items: {
        type: 'object',
        properties: {
          type: TEXT,
          status: TEXT,
          reason: TEXT,
          message: TEXT,
          lastTransitionTime: { type: 'string', format: 'date-time' },
        },
      },
    },
  },
}

function namespaceOf(standard: string): Schema {
  return { type: 'string', default: standard, 'x-kubernetes-validations': IMMUTABLE }
}

/** Of kinds whose values name the namespace once more. */
const SAME_NAMESPACE = [
  {
    rule: '!has(self.values) || !has(self.values.global) || !has(self.values.global.istioNamespace) || self.values.global.istioNamespace == self.namespace',
    message: 'spec.values.global.istioNamespace must match spec.namespace',
  },
]

export function sailDefinitions(): readonly KubeObject[] {
  return [
    definition('Istio', 'istios', [], {
      spec: {
        type: 'object',
        required: ['version', 'namespace'],
        default: { version: 'v1.30.3', namespace: 'istio-system', updateStrategy: { type: 'InPlace' } },
        properties: {
          version: VERSION,
          namespace: namespaceOf('istio-system'),
          profile: PROFILE,
          updateStrategy: {
            type: 'object',
            default: { type: 'InPlace' },
            properties: {
              type: { type: 'string', enum: ['InPlace', 'RevisionBased'], default: 'InPlace' },
              inactiveRevisionDeletionGracePeriodSeconds: { type: 'integer', minimum: 0, default: 30 },
              updateWorkloads: { type: 'boolean' },
            },
          },
          values: FREE,
        },
        'x-kubernetes-validations': SAME_NAMESPACE,
      },
    }),
    definition('IstioRevision', 'istiorevisions', ['istiorev'], {
      spec: {
        type: 'object',
        required: ['version', 'namespace'],
        properties: { version: TEXT, namespace: namespaceOf('istio-system'), values: FREE },
        'x-kubernetes-validations': SAME_NAMESPACE,
      },
      rules: [
        {
          rule: "self.metadata.name == 'default' ? (!has(self.spec.values) || !has(self.spec.values.revision) || size(self.spec.values.revision) == 0) : (has(self.spec.values) && has(self.spec.values.revision) && self.spec.values.revision == self.metadata.name)",
          message: "spec.values.revision must be empty when the name is 'default', and equal the name otherwise",
        },
      ],
    }),
    definition('IstioRevisionTag', 'istiorevisiontags', ['istiorevtag'], {
      spec: { type: 'object', required: ['targetRef'], properties: { targetRef: TARGET } },
    }),
    definition('IstioCNI', 'istiocnis', [], {
      spec: daemonSpec('istio-cni', {}),
      rules: NAMED_DEFAULT,
    }),
    definition('ZTunnel', 'ztunnels', [], {
      spec: daemonSpec('ztunnel', { targetRef: TARGET }),
      rules: NAMED_DEFAULT,
    }),
  ]
}

function daemonSpec(namespace: string, more: Readonly<Record<string, Schema>>): Schema {
  return {
    type: 'object',
    required: ['version', 'namespace'],
    default: { version: 'v1.30.3', namespace },
    properties: { version: VERSION, namespace: namespaceOf(namespace), profile: PROFILE, values: FREE, ...more },
  }
}

function definition(
  kind: string,
  plural: string,
  shortNames: readonly string[],
  { spec, rules }: { readonly spec: Schema; readonly rules?: readonly unknown[] },
): KubeObject {
  const column = (name: string, jsonPath: string, type = 'string'): unknown => ({ name, jsonPath, type })
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${plural}.sailoperator.io` },
    spec: {
      group: 'sailoperator.io',
      scope: 'Cluster',
      names: {
        kind,
        plural,
        singular: kind.toLowerCase(),
        listKind: `${kind}List`,
        shortNames,
        categories: ['istio-io'],
      },
      versions: [
        {
          name: 'v1',
          served: true,
          storage: true,
          subresources: { status: {} },
          additionalPrinterColumns: [
            column('Ready', '.status.conditions[?(@.type=="Ready")].status'),
            column('Status', '.status.state'),
            column('Version', '.spec.version'),
            column('Age', '.metadata.creationTimestamp', 'date'),
          ],
          schema: {
            openAPIV3Schema: {
              type: 'object',
              properties: { apiVersion: TEXT, kind: TEXT, metadata: { type: 'object' }, spec, status: STATUS },
              ...(rules === undefined ? {} : { 'x-kubernetes-validations': rules }),
            },
          },
        },
      ],
    },
  }
}
