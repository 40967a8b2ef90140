import { resumeCluster, startPart } from './cluster.ts'
import { withLock } from './lab-lock.ts'
import { labPaths } from './layout.ts'
import { resolveOptions } from './options.ts'
import type { LabOptions } from './options.ts'
import { etcdPart, networkPart, PART_NAMES, partsOf } from './parts.ts'
import type { PartName } from './parts.ts'
import { requireFree } from './ports.ts'
import { stopProcesses } from './processes.ts'
import type { ProcessRecord } from './processes.ts'
import { createProgress } from './progress.ts'
import type { Progress } from './progress.ts'
import { clusterOf, readState } from './state.ts'
import type { ClusterPorts, ClusterState, LabState } from './state.ts'
import { createStateKeeper, withoutEnded } from './state-keeper.ts'
import type { StateKeeper } from './state-keeper.ts'

export interface ClusterOptions extends Pick<LabOptions, 'dir' | 'log' | 'signal'> {
  /** Only these parts of the cluster; all of them unless told. */
  readonly parts?: readonly PartName[]
}

/** Stops a cluster, or parts of it, as if it had failed. Its data and ports are kept for {@link labStartCluster}. */
export function labStopCluster(name: string, options: ClusterOptions = {}): Promise<LabState> {
  const { dir, log } = resolveOptions(options)
  return withLock(labPaths(dir).lock, async () => {
    const keeper = createStateKeeper(withoutEnded(await readState(dir)))
    const cluster = clusterOf(keeper.current(), name)
    const parts: readonly string[] = options.parts ?? PART_NAMES
    const isMeant = (process: ProcessRecord): boolean =>
      process.cluster === cluster.name && parts.includes(process.part)
    await stopProcesses(keeper.current().processes.filter(isMeant))
    await keeper.update(withoutEnded)
    createProgress(log)
      .about(name)
      .say(options.parts === undefined ? 'stopped' : `stopped ${parts.join(', ')}`)
    return keeper.current()
  })
}

/** Starts what does not run of a cluster, on the ports and with the data that it had. */
export function labStartCluster(name: string, options: ClusterOptions = {}): Promise<LabState> {
  const { dir, log, signal } = resolveOptions(options)
  return withLock(labPaths(dir).lock, async () => {
    const keeper = createStateKeeper(withoutEnded(await readState(dir)))
    const cluster = clusterOf(keeper.current(), name)
    await startMissing(keeper, [cluster], createProgress(log), signal, options.parts)
    return keeper.current()
  })
}

/** Starts those parts of these clusters that do not run, and etcd if need be. */
export async function startMissing(
  keeper: StateKeeper,
  clusters: readonly ClusterState[],
  progress: Progress,
  signal: AbortSignal | undefined,
  wanted: readonly PartName[] = PART_NAMES,
): Promise<void> {
  const state = keeper.current()
  const isRunning = (part: string, cluster?: string): boolean =>
    state.processes.some((process) => process.part === part && process.cluster === cluster)
  const context = { progress, onProcess: keeper.addProcess, signal }

  if (!isRunning('etcd')) {
    await requireFree({ etcd: state.etcd.clientPort, 'etcd peer': state.etcd.peerPort })
    await startPart(etcdPart(state), context)
  }
  if (state.bare && !isRunning('network')) await startPart(networkPart(state), context)
  const tasks = clusters.map(async (cluster) => {
    const missing = partsOf(state).filter((part) => wanted.includes(part) && !isRunning(part, cluster.name))
    await requireFree(portsOf(cluster.ports, missing))
    await resumeCluster(state, cluster, missing, { ...context, progress: progress.about(cluster.name) })
  })
  for (const result of await Promise.allSettled(tasks)) if (result.status === 'rejected') throw result.reason
}

const PORTS_OF_PART: Readonly<Record<PartName, readonly (keyof ClusterPorts)[]>> = {
  'kube-apiserver': ['apiserver'],
  'kube-controller-manager': ['controllerManager'],
  'kube-scheduler': ['scheduler'],
  kwok: ['kwok'],
  istiod: ['istiodHttp', 'istiodWebhook', 'istiodGrpc', 'istiodSecureGrpc', 'istiodMonitoring', 'istiodCtrlz'],
  generator: ['generator'],
  prometheus: ['prometheus'],
}

function portsOf(ports: ClusterPorts, parts: readonly PartName[]): Record<string, number> {
  const uses = parts.flatMap((part) => PORTS_OF_PART[part])
  return Object.fromEntries(uses.map((use) => [use, ports[use]]))
}
