import { SUBDOMAIN_PATTERN } from '@meshdeck/kube'
import { Type, type Static } from 'typebox'
import { ClusterFailure, Problem } from './problem.ts'

export const ConditionView = Type.Object({
  type: Type.String(),
  status: Type.Union([Type.Literal('True'), Type.Literal('False'), Type.Literal('Unknown')]),
  reason: Type.String(),
  message: Type.String(),
  lastTransitionTime: Type.Optional(Type.String()),
})
export type ConditionView = Static<typeof ConditionView>

export const IstioView = Type.Object({
  revision: Type.String(),
  version: Type.String(),
  namespace: Type.String(),
  ready: Type.Optional(Type.Integer()),
  replicas: Type.Optional(Type.Integer()),
})
export type IstioView = Static<typeof IstioView>

/** Sent with each request to a Prometheus; a tenant's, mostly. No secrets. */
const PrometheusHeader = Type.Object(
  { name: Type.String({ maxLength: 64 }), value: Type.String({ maxLength: 1024 }) },
  { additionalProperties: false },
)
export const PrometheusHeaders = Type.Array(PrometheusHeader, { maxItems: 16 })
export type PrometheusHeaders = Static<typeof PrometheusHeaders>

/** How Meshdeck shows a Prometheus who it is: kept in a Secret on the hub and never shown again. With nothing in it: not at all. */
export const PrometheusCredential = Type.Object(
  {
    token: Type.Optional(Type.String({ maxLength: 16384 })),
    username: Type.Optional(Type.String({ maxLength: 1024 })),
    password: Type.Optional(Type.String({ maxLength: 16384 })),
    certificate: Type.Optional(Type.String({ maxLength: 65536, description: 'PEM; with its key.' })),
    key: Type.Optional(Type.String({ maxLength: 65536 })),
    authority: Type.Optional(
      Type.String({
        maxLength: 262144,
        description: 'PEM: who signed its certificate, instead of those of the system.',
      }),
    ),
  },
  { additionalProperties: false },
)
export type PrometheusCredential = Static<typeof PrometheusCredential>

/** A cluster as its list shows it. */
export const ClusterView = Type.Object({
  name: Type.String(),
  displayName: Type.Optional(Type.String()),
  provider: Type.Optional(Type.String()),
  region: Type.Optional(Type.String()),
  network: Type.Optional(Type.String()),
  source: Type.Union([Type.Literal('secret'), Type.Literal('kubeconfig'), Type.Literal('other')], {
    description: '`kubeconfig`: a context of the file Meshdeck was started with; it cannot be left from the console.',
  }),
  hub: Type.Boolean({ description: 'Whether this cluster is the hub itself (the same kube-system uid).' }),
  state: Type.Union([Type.Literal('reachable'), Type.Literal('lost'), Type.Literal('unknown')]),
  problem: Type.Optional(Problem),
  version: Type.Optional(Type.String()),
  nodes: Type.Optional(Type.Integer()),
  platform: Type.Optional(Type.Union([Type.Literal('Kubernetes'), Type.Literal('OpenShift')])),
  istio: Type.Array(IstioView),
  meshes: Type.Array(Type.String(), { description: 'Meshes that this cluster belongs to.' }),
  prometheusUrl: Type.Optional(Type.String()),
  prometheusHeaders: Type.Optional(PrometheusHeaders),
  prometheusServerName: Type.Optional(Type.String()),
  prometheusSecret: Type.Optional(Type.String({ description: 'Name of the Secret with the credential.' })),
  conditions: Type.Array(ConditionView),
  lastSeen: Type.Optional(Type.String()),
  created: Type.Optional(Type.String()),
  generation: Type.Optional(
    Type.Integer({ description: 'Counts changes of the spec; an edit names the one that it began with.' }),
  ),
})
export type ClusterView = Static<typeof ClusterView>

export const ClusterList = Type.Object({ items: Type.Array(ClusterView), failures: Type.Array(ClusterFailure) })
export type ClusterList = Static<typeof ClusterList>

/** An account that Meshdeck makes for itself in a cluster, with no more rights than were chosen. */
export const AccountChoice = Type.Object(
  {
    level: Type.Union([
      Type.Literal('read'),
      Type.Literal('configure'),
      Type.Literal('install'),
      Type.Literal('install-helm'),
    ]),
    actForUsers: Type.Boolean(),
  },
  { additionalProperties: false },
)

/** What is brought in to join a cluster. The kubeconfig is checked, kept in a Secret on the hub, and never shown again. */
export const JoinCluster = Type.Object(
  {
    name: Type.String({ pattern: SUBDOMAIN_PATTERN, maxLength: 63 }),
    displayName: Type.Optional(Type.String({ maxLength: 60 })),
    kubeconfig: Type.String({ minLength: 1, maxLength: 1048576 }),
    context: Type.Optional(
      Type.String({ description: 'Which context of the kubeconfig; needed when it has several.' }),
    ),
    prometheusUrl: Type.Optional(Type.String({ maxLength: 2048 })),
    region: Type.Optional(Type.String({ maxLength: 63 })),
    network: Type.Optional(Type.String({ maxLength: 63 })),
    account: Type.Optional(AccountChoice),
  },
  { additionalProperties: false },
)
export type JoinCluster = Static<typeof JoinCluster>

/** Result of a connection test: each step, whether it held, and why not. Nothing is written. */
export const ConnectionTest = Type.Object({
  ok: Type.Boolean(),
  contexts: Type.Array(Type.String(), { description: 'Contexts found in the kubeconfig.' }),
  server: Type.Optional(Type.String()),
  version: Type.Optional(Type.String()),
  clusterUid: Type.Optional(Type.String()),
  alreadyJoinedAs: Type.Optional(Type.String({ description: 'Name under which the same cluster is known already.' })),
  istio: Type.Array(IstioView),
  steps: Type.Array(
    Type.Object({
      step: Type.Union([
        Type.Literal('kubeconfig'),
        Type.Literal('connect'),
        Type.Literal('identity'),
        Type.Literal('permissions'),
        Type.Literal('istio'),
        Type.Literal('prometheus'),
      ]),
      result: Type.Union([
        Type.Literal('ok'),
        Type.Literal('warning'),
        Type.Literal('failed'),
        Type.Literal('skipped'),
      ]),
      message: Type.String(),
      code: Type.Optional(
        Type.String({
          description:
            'With `failed`, a stable reason: of a kubeconfig such as `exec-not-allowed`, of a connection such as `refused`.',
        }),
      ),
    }),
  ),
})
export type ConnectionTest = Static<typeof ConnectionTest>

/** What can be changed of a joined cluster. A member that is left out is taken away, but for the credential, which stays. */
export const EditCluster = Type.Object(
  {
    generation: Type.Integer({ minimum: 1 }),
    displayName: Type.Optional(Type.String({ maxLength: 60 })),
    provider: Type.Optional(Type.String({ maxLength: 63 })),
    region: Type.Optional(Type.String({ maxLength: 63 })),
    network: Type.Optional(Type.String({ maxLength: 63 })),
    prometheusUrl: Type.Optional(Type.String({ maxLength: 2048 })),
    prometheusHeaders: Type.Optional(PrometheusHeaders),
    prometheusServerName: Type.Optional(Type.String({ maxLength: 253 })),
    prometheusCredential: Type.Optional(PrometheusCredential),
  },
  { additionalProperties: false },
)
export type EditCluster = Static<typeof EditCluster>

/** A Prometheus to be tried. Without a credential that of the cluster is used, as long as it goes to the same server. */
export const PrometheusAddress = Type.Object(
  {
    url: Type.String({ minLength: 1, maxLength: 2048 }),
    headers: Type.Optional(PrometheusHeaders),
    serverName: Type.Optional(Type.String({ maxLength: 253 })),
    credential: Type.Optional(PrometheusCredential),
  },
  { additionalProperties: false },
)
export type PrometheusAddress = Static<typeof PrometheusAddress>

export const PrometheusTest = Type.Object({
  ok: Type.Boolean(),
  message: Type.String(),
  make: Type.Optional(Type.String({ description: 'Prometheus, Thanos, Mimir, VictoriaMetrics or unknown.' })),
  version: Type.Optional(Type.String()),
  series: Type.Optional(Type.Integer({ description: 'Absent where it does not tell.' })),
  skewSeconds: Type.Optional(Type.Number({ description: 'How far its clock is ahead of ours.' })),
  hasMesh: Type.Optional(Type.Boolean({ description: 'Whether it has requests that Istio counted.' })),
})
export type PrometheusTest = Static<typeof PrometheusTest>

/** A new credential for a joined cluster. It must reach the same cluster. */
export const RenewCredential = Type.Object(
  {
    kubeconfig: Type.String({ minLength: 1, maxLength: 1048576 }),
    context: Type.Optional(Type.String()),
    account: Type.Optional(AccountChoice),
  },
  { additionalProperties: false },
)
export type RenewCredential = Static<typeof RenewCredential>

/** Where an account is wished for: a cluster by a kubeconfig that may make one. */
export const PlanAccount = Type.Object(
  {
    name: Type.String({ pattern: SUBDOMAIN_PATTERN, maxLength: 63 }),
    kubeconfig: Type.String({ minLength: 1, maxLength: 1048576 }),
    context: Type.Optional(Type.String()),
    account: AccountChoice,
  },
  { additionalProperties: false },
)
export type PlanAccount = Static<typeof PlanAccount>

/** The objects of an account, and what the cluster's dry run says to each. Nothing is written. */
export const AccountPlan = Type.Object({
  ok: Type.Boolean(),
  objects: Type.Array(
    Type.Object({
      kind: Type.String(),
      name: Type.String(),
      namespace: Type.Optional(Type.String()),
      result: Type.Union(
        [
          Type.Literal('created'),
          Type.Literal('changed'),
          Type.Literal('unchanged'),
          Type.Literal('later'),
          Type.Literal('failed'),
        ],
        { description: '`later`: its namespace is made first, so that it cannot be tried yet.' },
      ),
      message: Type.Optional(Type.String()),
    }),
  ),
  yaml: Type.String({ description: 'All objects, as they would be applied.' }),
  commands: Type.String({ description: 'The same by kubectl.' }),
})
export type AccountPlan = Static<typeof AccountPlan>

const CandidateSource = Type.Union([Type.Literal('ClusterProfile'), Type.Literal('KpandaCluster')])

/** A cluster that something else on the hub knows how to reach. */
export const ClusterCandidate = Type.Object({
  source: CandidateSource,
  ref: Type.String({ description: '`namespace/name` of a ClusterProfile, name of a cluster of the platform.' }),
  displayName: Type.Optional(Type.String()),
  version: Type.Optional(Type.String()),
  joinedAs: Type.Optional(Type.String()),
  obstacle: Type.Optional(
    Type.Union([Type.Literal('no-secret'), Type.Literal('plugin')], {
      description:
        'Why it cannot be reached: no Secret holds its kubeconfig, or a plug-in would have to be run for it.',
    }),
  ),
})
export type ClusterCandidate = Static<typeof ClusterCandidate>

export const CandidateList = Type.Object({
  sources: Type.Array(
    Type.Object({
      source: CandidateSource,
      state: Type.Union([Type.Literal('listed'), Type.Literal('absent'), Type.Literal('forbidden')]),
    }),
  ),
  items: Type.Array(ClusterCandidate),
})
export type CandidateList = Static<typeof CandidateList>

export const JoinCandidates = Type.Object(
  {
    items: Type.Array(
      Type.Object(
        {
          source: CandidateSource,
          ref: Type.String({ minLength: 1, maxLength: 507 }),
          name: Type.String({ pattern: SUBDOMAIN_PATTERN, maxLength: 63 }),
        },
        { additionalProperties: false },
      ),
      { minItems: 1, maxItems: 100 },
    ),
  },
  { additionalProperties: false },
)
export type JoinCandidates = Static<typeof JoinCandidates>

/** What came of each, in their order. */
export const JoinedCandidates = Type.Object({
  results: Type.Array(Type.Object({ name: Type.String(), problem: Type.Optional(Problem) })),
})
export type JoinedCandidates = Static<typeof JoinedCandidates>
