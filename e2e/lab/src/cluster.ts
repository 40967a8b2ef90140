import { mkdir, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { graphObjects, playgroundObjects } from './graph-objects.ts'
import { graphNamed } from './graphs/index.ts'
import { isAnswering } from './http-probe.ts'
import { renderIstio } from './istio.ts'
import { clusterPaths } from './layout.ts'
import { nodeObjects } from './nodes.ts'
import { applyObjects, kubectl } from './objects.ts'
import type { KubectlTarget } from './objects.ts'
import { clusterPart, partsOf } from './parts.ts'
import type { Part, PartName } from './parts.ts'
import { startProcess, waitUntil } from './processes.ts'
import type { ProcessRecord } from './processes.ts'
import type { Progress } from './progress.ts'
import { renderPrometheusConfig } from './prometheus-config.ts'
import { rbacObjects } from './rbac.ts'
import { runCommand } from './run-command.ts'
import type { ClusterState, LabState } from './state.ts'

/** What a step of starting needs besides the lab itself. */
export interface StartContext {
  readonly progress: Progress
  /** Told of each process as soon as it exists, so that none can be forgotten. */
  readonly onProcess: (process: ProcessRecord) => Promise<void>
  readonly signal?: AbortSignal | undefined
}

/** Starts a process and waits until it serves. */
export async function startPart(part: Part, context: StartContext): Promise<void> {
  context.signal?.throwIfAborted()
  const startedAt = Date.now()
  const process = await startProcess(part)
  await context.onProcess(process)
  const { signal } = context
  await waitUntil(`${part.part} to be ready`, () => isAnswering(part.healthUrl), { process, signal })
  context.progress.say(`${part.part} is ready (${((Date.now() - startedAt) / 1000).toFixed(1)} s)`)
}

/**
 * Lets the port of istiod's debug interface, in whatever pod, lead to the istiod process; nothing listens on any other.
 * Source: https://kwok.sigs.k8s.io/docs/user/port-forward-configuration/
 */
function portForwards({ ports }: ClusterState): string {
  return JSON.stringify({
    apiVersion: 'kwok.x-k8s.io/v1alpha1',
    kind: 'ClusterPortForward',
    metadata: { name: 'istiod' },
    spec: { forwards: [{ ports: [15_014], target: { address: '127.0.0.1', port: ports.istiodMonitoring } }] },
  })
}

/** Brings up a cluster that was never there: its parts and all objects in it. */
export async function createCluster(lab: LabState, cluster: ClusterState, context: StartContext): Promise<void> {
  const paths = clusterPaths(lab.dir, cluster.name)
  await mkdir(paths.prometheusData, { recursive: true })
  await writeFile(paths.stages, `${await runCommand(lab.bin.kwok, ['stages'])}\n---\n${portForwards(cluster)}`)
  await writeFile(paths.prometheusConfig, renderPrometheusConfig(cluster))
  if (lab.bare) return createBareCluster(lab, cluster, context)
  const start = (name: PartName): Promise<void> => startPart(clusterPart(lab, cluster, name), context)
  const target: KubectlTarget = { kubectl: lab.bin.kubectl, kubeconfig: cluster.kubeconfig, signal: context.signal }

  // Neither needs the cluster, and the earlier Prometheus scrapes, the sooner rates can be asked for.
  const metrics = Promise.all([start('generator'), start('prometheus')])
  // A failure is reported below; until somebody awaits, it must not end the process.
  metrics.catch(() => {})

  const [istio] = await Promise.all([renderIstio(lab.bin, cluster), start('kube-apiserver')])
  const others = Promise.all([start('kube-controller-manager'), start('kube-scheduler'), start('kwok')])
  others.catch(() => {})
  await applyObjects(target, [...rbacObjects(), ...nodeObjects(cluster.name, cluster.nodeCount)])
  await applyDefinitions(lab, target, context)
  context.progress.say('nodes, roles and resource definitions are there')

  await applyObjects(target, istio.installation)
  await start('istiod')
  await applyObjects(target, istio.webhooks)
  await waitForWebhooks(target, context)
  context.progress.say("istiod's webhooks are in force")

  await others
  await applyObjects(target, [...graphObjects(graphNamed(cluster.graph)), ...playgroundObjects()])
  await kubectl(target, [
    'wait',
    'deployments',
    '--all',
    '--all-namespaces',
    '--for=condition=Available',
    '--timeout=120s',
  ])
  await metrics
  context.progress.say('all deployments are available')
}

/** A cluster with nodes, roles and the definitions of Gateway API, into which somebody will install Istio. */
async function createBareCluster(lab: LabState, cluster: ClusterState, context: StartContext): Promise<void> {
  const paths = clusterPaths(lab.dir, cluster.name)
  await writeFile(paths.egressConfig, egressConfig(paths.egressSocket))
  const start = (name: PartName): Promise<void> => startPart(clusterPart(lab, cluster, name), context)
  const target: KubectlTarget = { kubectl: lab.bin.kubectl, kubeconfig: cluster.kubeconfig, signal: context.signal }
  await start('kube-apiserver')
  await Promise.all([start('kube-controller-manager'), start('kube-scheduler'), start('kwok')])
  await applyObjects(target, [...rbacObjects(), ...nodeObjects(cluster.name, cluster.nodeCount)])
  await kubectl(target, ['wait', 'nodes', '--all', '--for=condition=Ready', '--timeout=60s'])
}

/**
 * Sends what the API server calls inside of its cluster, which is webhooks, through a proxy that knows where a Service
 * really is. Source: https://kubernetes.io/docs/tasks/extend-kubernetes/setup-konnectivity/
 */
function egressConfig(socket: string): string {
  return JSON.stringify({
    apiVersion: 'apiserver.k8s.io/v1beta1',
    kind: 'EgressSelectorConfiguration',
    egressSelections: [
      {
        name: 'cluster',
        connection: { proxyProtocol: 'HTTPConnect', transport: { uds: { udsName: socket } } },
      },
    ],
  })
}

/** Starts again what does not run of a cluster that was created before. */
export async function resumeCluster(
  lab: LabState,
  cluster: ClusterState,
  parts: readonly PartName[],
  context: StartContext,
): Promise<void> {
  const start = (name: PartName): Promise<void> => startPart(clusterPart(lab, cluster, name), context)
  // The others call the API server, and some give up when nobody answers.
  if (parts.includes('kube-apiserver')) await start('kube-apiserver')
  await Promise.all(
    partsOf(lab)
      .filter((name) => name !== 'kube-apiserver' && parts.includes(name))
      .map(start),
  )
}

async function applyDefinitions(lab: LabState, target: KubectlTarget, context: StartContext): Promise<void> {
  const files = await readdir(lab.bin.crds)
  const arguments_ = files.flatMap((file) => ['-f', join(lab.bin.crds, file)])
  await kubectl(target, ['apply', '--server-side', '--field-manager=meshdeck-lab', ...arguments_])
  // Not `kubectl wait`: it fails for a definition that has no conditions yet.
  const established = async (): Promise<boolean> => {
    const statuses = await kubectl(target, ['get', 'crd', '-o=jsonpath={range .items[*]}{.status}{"\\n"}{end}'])
    return statuses
      .trimEnd()
      .split('\n')
      .every((status) => status.includes('"status":"True","type":"Established"'))
  }
  await waitUntil('the definitions to be established', established, { signal: context.signal })
}

/** istiod gives each webhook its certificate and then its full force; before that, pods would start without a proxy. */
async function waitForWebhooks(target: KubectlTarget, context: StartContext): Promise<void> {
  const inForce = async (): Promise<boolean> => {
    const answer = await kubectl(target, [
      'get',
      'mutatingwebhookconfigurations,validatingwebhookconfigurations',
      '-o=jsonpath={range .items[*].webhooks[*]}{.failurePolicy} {.clientConfig.caBundle}{"\\n"}{end}',
    ])
    return answer
      .trimEnd()
      .split('\n')
      .every((line) => /^Fail \S+$/.test(line))
  }
  await waitUntil("istiod's webhooks to be in force", inForce, { signal: context.signal })
}
