import type { KindId } from '@meshdeck/kube'
import { shareOf, streamChoices, type Answers, type WizardId, type WizardWorld } from '@meshdeck/mesh'

/** Where what is offered for a field comes from; typed text is taken too, save where one of few must be chosen. */
export type Source =
  | 'versions'
  | 'streams'
  | 'faults'
  | 'ports'
  | 'namespaces'
  | 'gateways'
  | 'gatewayLabels'
  | 'secrets'
  | 'principals'
  | readonly string[]

/** One field of a wizard's form. Its words stand below `fields.` of the locale `wizards`. */
export interface WizardFieldSpec {
  id: string
  control: 'text' | 'number' | 'choice' | 'tags' | 'toggle' | 'shares' | 'steps'
  source?: Source
  /** What it begins with. */
  start?: string
  /** Whether the words of its options stand below `options.`. */
  worded?: true
  suffix?: '%'
  when?: (answers: Answers, world: WizardWorld) => boolean
}

export interface WizardSpec {
  id: WizardId
  group: 'traffic' | 'resilience' | 'security' | 'edge'
  /** Whether it is about a service, always or by what was answered. */
  service: boolean | ((answers: Answers) => boolean)
  /** Kinds of which everything is read before anything is planned. */
  reads: readonly KindId[]
  fields: readonly WizardFieldSpec[]
  /** Whether routes of the Gateway API that are attached to the service count, too. */
  routed?: true
  /** What fields begin with that goes by what exists. */
  startsWith?: (world: WizardWorld) => Answers
  /** What is checked of those who call now. */
  callers?: 'plain' | 'cutOff'
}

/** Shares of a canary, step by step. */
export const CANARY_STEPS = [5, 10, 25, 50, 75, 100] as const

const RULES: readonly KindId[] = ['VirtualService', 'DestinationRule']
const isSet = (field: string) => (answers: Answers) => (answers[field] ?? '') !== ''
const is =
  (field: string, ...values: readonly string[]) =>
  (answers: Answers) =>
    values.includes(answers[field] ?? '')

/** Which kind of routes, where there are several. */
const STREAM: WizardFieldSpec = {
  id: 'stream',
  control: 'choice',
  source: 'streams',
  worded: true,
  when: (_answers, world) => streamChoices(world).length > 1,
}
const isHttp = (answers: Answers, world: WizardWorld): boolean =>
  (answers['stream'] || streamChoices(world)[0]) === 'http'
const GRPC_STATUSES = ['UNAVAILABLE', 'DEADLINE_EXCEEDED', 'RESOURCE_EXHAUSTED', 'PERMISSION_DENIED', 'INTERNAL']

/** The wizards as forms, in the order in which they are offered. */
export const CATALOGUE: readonly WizardSpec[] = [
  {
    id: 'split',
    group: 'traffic',
    service: true,
    reads: RULES,
    routed: true,
    fields: [STREAM, { id: 'shares', control: 'shares', source: 'versions' }],
    startsWith: (world) => {
      const { service } = world
      const shares = service?.versions.map((version, at) => {
        const now = service && shareOf(world, service, version)
        return `${version}=${now ?? (at === 0 ? 100 : 0)}`
      })
      return { shares: (shares ?? []).join(','), stream: streamChoices(world)[0] ?? '' }
    },
  },
  {
    id: 'canary',
    group: 'traffic',
    service: true,
    reads: RULES,
    routed: true,
    fields: [
      { id: 'stable', control: 'choice', source: 'versions' },
      { id: 'canary', control: 'choice', source: 'versions' },
      STREAM,
      { id: 'share', control: 'steps', suffix: '%' },
      { id: 'header', control: 'text', when: isHttp },
      { id: 'value', control: 'text', when: (answers, world) => isSet('header')(answers) && isHttp(answers, world) },
    ],
    startsWith: (world) => {
      const { service } = world
      const [stable = '', ...others] = service?.versions ?? []
      const canary = others.at(-1) ?? ''
      const now = service && canary !== '' ? (shareOf(world, service, canary) ?? 0) : 0
      const next = CANARY_STEPS.find((step) => step > now) ?? 100
      return { stable, canary, share: String(next), stream: streamChoices(world)[0] ?? '' }
    },
  },
  {
    id: 'mirror',
    group: 'traffic',
    service: true,
    reads: RULES,
    routed: true,
    fields: [
      { id: 'version', control: 'choice', source: 'versions' },
      { id: 'percentage', control: 'number', start: '100', suffix: '%' },
    ],
    startsWith: ({ service }) => ({ version: service?.versions.at(-1) ?? '' }),
  },
  {
    id: 'fault',
    group: 'traffic',
    service: true,
    reads: RULES,
    routed: true,
    fields: [
      { id: 'kind', control: 'choice', source: 'faults', start: 'delay', worded: true },
      { id: 'delay', control: 'text', start: '5s', when: is('kind', 'delay') },
      { id: 'status', control: 'number', start: '503', when: is('kind', 'abort') },
      {
        id: 'grpcStatus',
        control: 'choice',
        source: GRPC_STATUSES,
        start: 'UNAVAILABLE',
        when: is('kind', 'grpc'),
      },
      { id: 'percentage', control: 'number', start: '10', suffix: '%', when: is('kind', 'delay', 'abort', 'grpc') },
      { id: 'header', control: 'text', when: is('kind', 'delay', 'abort', 'grpc') },
      { id: 'value', control: 'text', when: isSet('header') },
    ],
  },
  {
    id: 'timeout',
    group: 'resilience',
    service: true,
    reads: RULES,
    routed: true,
    fields: [
      { id: 'timeout', control: 'text', start: '10s' },
      { id: 'attempts', control: 'number', start: '2' },
      { id: 'perTryTimeout', control: 'text', start: '3s' },
      {
        id: 'retryOn',
        control: 'tags',
        source: [
          '5xx',
          'gateway-error',
          'reset',
          'connect-failure',
          'refused-stream',
          '503',
          // Of gRPC.
          'unavailable',
          'cancelled',
          'deadline-exceeded',
          'resource-exhausted',
        ],
        start: 'connect-failure,refused-stream,unavailable,503',
      },
    ],
  },
  {
    id: 'breaker',
    group: 'resilience',
    service: true,
    reads: RULES,
    routed: true,
    fields: [
      { id: 'maxConnections', control: 'number', start: '100' },
      { id: 'http1MaxPendingRequests', control: 'number', start: '100' },
      { id: 'http2MaxRequests', control: 'number' },
      { id: 'maxRequestsPerConnection', control: 'number' },
      { id: 'consecutive5xxErrors', control: 'number', start: '5' },
      { id: 'interval', control: 'text', start: '10s' },
      { id: 'baseEjectionTime', control: 'text', start: '30s' },
      { id: 'maxEjectionPercent', control: 'number', start: '50', suffix: '%' },
    ],
  },
  {
    id: 'mtls',
    group: 'security',
    service: is('scope', 'service'),
    reads: ['PeerAuthentication'],
    callers: 'plain',
    fields: [
      { id: 'scope', control: 'choice', source: ['namespace', 'service', 'mesh'], start: 'namespace', worded: true },
      { id: 'namespace', control: 'choice', source: 'namespaces', when: is('scope', 'namespace') },
    ],
  },
  {
    id: 'allow',
    group: 'security',
    service: true,
    reads: ['AuthorizationPolicy'],
    callers: 'cutOff',
    fields: [
      { id: 'principals', control: 'tags', source: 'principals' },
      { id: 'namespaces', control: 'tags', source: 'namespaces' },
      { id: 'methods', control: 'tags', source: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] },
      { id: 'paths', control: 'tags', source: [] },
    ],
  },
  {
    id: 'expose',
    group: 'edge',
    service: true,
    reads: ['Gateway', 'VirtualService'],
    fields: [
      { id: 'host', control: 'text' },
      { id: 'port', control: 'choice', source: 'ports' },
      { id: 'gateway', control: 'choice', source: 'gateways' },
      { id: 'selector', control: 'choice', source: 'gatewayLabels', when: (answers) => !isSet('gateway')(answers) },
      { id: 'tls', control: 'toggle', start: 'true' },
      { id: 'credential', control: 'choice', source: 'secrets', when: is('tls', 'true') },
      { id: 'redirect', control: 'toggle', start: 'true', when: is('tls', 'true') },
    ],
    startsWith: ({ service }) => ({ port: String(service?.ports[0]?.port ?? '') }),
  },
  {
    id: 'external',
    group: 'edge',
    service: false,
    reads: ['ServiceEntry', 'DestinationRule'],
    fields: [
      { id: 'host', control: 'text' },
      { id: 'namespace', control: 'choice', source: 'namespaces' },
      { id: 'port', control: 'number', start: '443' },
      { id: 'protocol', control: 'choice', source: ['TLS', 'HTTPS', 'HTTP', 'HTTP2', 'GRPC', 'TCP'], start: 'TLS' },
      { id: 'originate', control: 'toggle' },
    ],
  },
]

export const wizardOf = (id: string | undefined): WizardSpec | undefined => CATALOGUE.find((each) => each.id === id)
