import type { ConnectionTest, RenewCredential } from '@meshdeck/contract'
import type { Deployment, DetectedIstio, Namespace } from '@meshdeck/kube'
import {
  createConnection,
  createResourceClient,
  KubeconfigError,
  KubeStatusError,
  listContexts,
  messageOf,
  parseKubeconfig,
  prometheusAccess,
  STORED,
  type ClusterConnectionSpec,
  type ResourceClient,
} from '@meshdeck/kube-client'
import { problemOfError } from './problem-of-error.ts'
import { tryPrometheus } from './prometheus/try-prometheus.ts'

type Step = ConnectionTest['steps'][number]

/** Where a cluster that is brought in may lie. */
export interface ConnectionPolicy {
  /** Only when Meshdeck itself serves this machine alone. */
  allowLoopback: boolean
}

/** What Meshdeck does in a cluster in the end; without these rights it can be joined, but shows little. */
const NEEDED: readonly { verb: string; group: string; resource: string }[] = [
  { verb: 'list', group: '', resource: 'namespaces' },
  { verb: 'list', group: '', resource: 'pods' },
  { verb: 'list', group: 'apps', resource: 'deployments' },
  { verb: 'impersonate', group: '', resource: 'users' },
  { verb: 'impersonate', group: '', resource: 'groups' },
]

/** Reads the kubeconfig that is brought in. Throws `KubeconfigError`. */
export function checkKubeconfig(
  { kubeconfig, context }: RenewCredential,
  policy: ConnectionPolicy,
): ClusterConnectionSpec {
  return parseKubeconfig(kubeconfig, {
    source: 'user',
    allowLoopback: policy.allowLoopback,
    ...(context ? { context } : {}),
  })
}

/** What is tried: a credential, as which cluster, and what else is asked of it. */
export interface ConnectionTrial extends RenewCredential {
  name: string
  prometheusUrl?: string
  /** Beyond the credential itself: looks for Istio, and for Prometheus where an address is given. */
  surroundings: boolean
  /** Whether it is the cluster that is meant; `uid` is that of its kube-system, as far as it may be read. */
  identify?: (found: { uid: string | undefined; spec: ClusterConnectionSpec }) => Step
  nameOfUid?: (uid: string) => string | undefined
}

/** Goes through a connection step by step, and writes nothing. Later steps are skipped when an earlier one fails. */
export async function testConnection(trial: ConnectionTrial, policy: ConnectionPolicy): Promise<ConnectionTest> {
  const steps: Step[] = []
  const done = (rest: Partial<ConnectionTest> = {}): ConnectionTest => ({
    ok: steps.every(({ result }) => result !== 'failed'),
    contexts: [],
    istio: [],
    ...rest,
    steps: [...steps, ...skipped(steps, trial)],
  })
  let contexts: string[] = []
  let spec: ClusterConnectionSpec
  try {
    contexts = listContexts(trial.kubeconfig).names
    spec = checkKubeconfig(trial, policy)
  } catch (error) {
    if (!(error instanceof KubeconfigError)) throw error
    steps.push({ step: 'kubeconfig', result: 'failed', message: error.message, code: error.code })
    return done({ contexts })
  }
  const [warning] = spec.warnings
  steps.push({
    step: 'kubeconfig',
    result: warning ? 'warning' : 'ok',
    message: warning?.message ?? `Context ${spec.contextName}`,
  })
  const base = { contexts, server: spec.server }

  try {
    const connection = createConnection(spec, { name: trial.name })
    try {
      const client = createResourceClient(connection, STORED)
      const { body } = await connection.request<{ gitVersion?: string }>({ path: '/version' })
      const version = body.gitVersion ?? 'unknown'
      const uid = await uidOf(client)
      steps.push({ step: 'connect', result: 'ok', message: `Kubernetes ${version}` })
      const known = uid === undefined ? undefined : trial.nameOfUid?.(uid)
      const found = {
        ...base,
        version,
        ...(uid ? { clusterUid: uid } : {}),
        ...(known ? { alreadyJoinedAs: known } : {}),
      }
      const identity = trial.identify?.({ uid, spec })
      if (identity) steps.push(identity)
      if (identity?.result === 'failed') return done(found)
      steps.push(await permissionsStep(client))
      if (!trial.surroundings) return done(found)
      const istio = await detectIstio(client)
      steps.push(istio.step)
      if (trial.prometheusUrl !== undefined) steps.push(await prometheusStep(trial.prometheusUrl, policy))
      return done({ ...found, istio: istio.found })
    } finally {
      void connection.close()
    }
  } catch (error) {
    const { code, detail, title, params } = problemOfError(error, trial.name)
    const reason = typeof params?.['reason'] === 'string' ? params['reason'] : code
    steps.push({ step: 'connect', result: 'failed', message: detail ?? title, code: reason })
    return done(base)
  }
}

/** Any authenticated answer will do for a connection: a cluster may keep this from an ordinary account. */
async function uidOf(client: ResourceClient): Promise<string | undefined> {
  try {
    return (await client.get<Namespace>('Namespace', { name: 'kube-system' })).metadata.uid
  } catch (error) {
    if (error instanceof KubeStatusError && error.httpStatus !== 401) return undefined
    throw error
  }
}

async function permissionsStep(client: ResourceClient): Promise<Step> {
  const answers = await Promise.all(NEEDED.map((attributes) => client.selfSubjectAccessReview(attributes)))
  const lacking = NEEDED.filter((_needed, index) => answers[index]?.allowed !== true).map(
    ({ verb, group, resource }) => `${verb} ${group === '' ? resource : `${resource}.${group}`}`,
  )
  return lacking.length === 0
    ? { step: 'permissions', result: 'ok', message: 'The credential may read the cluster and act for users' }
    : { step: 'permissions', result: 'warning', message: `The credential may not: ${lacking.join(', ')}` }
}

async function detectIstio(client: ResourceClient): Promise<{ step: Step; found: DetectedIstio[] }> {
  try {
    const { items } = await client.listAll<Deployment>('Deployment', { labelSelector: 'app=istiod' })
    const found = items.map(toDetectedIstio)
    const message =
      found.length === 0
        ? 'No istiod found'
        : found
            .map(({ version, namespace, revision }) => `${version} in ${namespace} (revision ${revision})`)
            .join(', ')
    return { found, step: { step: 'istio', result: 'ok', message } }
  } catch (error) {
    return { found: [], step: { step: 'istio', result: 'warning', message: messageOf(error) } }
  }
}

function toDetectedIstio({ metadata, spec, status }: Deployment): DetectedIstio {
  const image = spec?.template.spec?.containers.find(({ name }) => name === 'discovery')?.image ?? ''
  return {
    revision: metadata.labels?.['istio.io/rev'] ?? 'default',
    version: /:([^:/@]+)(?:@|$)/.exec(image)?.[1] ?? 'unknown',
    namespace: metadata.namespace ?? '',
    ready: status?.readyReplicas ?? 0,
    replicas: spec?.replicas ?? 1,
  }
}

/** Asks a Prometheus without any credential. */
async function prometheusStep(url: string, policy: ConnectionPolicy): Promise<Step> {
  try {
    const { ok, message } = await tryPrometheus(prometheusAccess({ url }), policy)
    return { step: 'prometheus', result: ok ? 'ok' : 'warning', message }
  } catch (error) {
    return { step: 'prometheus', result: 'warning', message: messageOf(error) }
  }
}

function skipped(steps: readonly Step[], trial: ConnectionTrial): Step[] {
  const all: readonly Step['step'][] = [
    'kubeconfig',
    'connect',
    ...(trial.identify ? (['identity'] as const) : []),
    'permissions',
    ...(trial.surroundings ? (['istio', 'prometheus'] as const) : []),
  ]
  return all
    .filter((step) => !steps.some((done) => done.step === step))
    .map((step) => ({
      step,
      result: 'skipped',
      message:
        step === 'prometheus' && trial.prometheusUrl === undefined ? 'No address given' : 'An earlier step failed',
    }))
}
