import { mkdir } from 'node:fs/promises'
import { createCluster, startPart } from './cluster.ts'
import { createCredentials, createTokens, writeLabCredentials } from './credentials.ts'
import { removeLab } from './down.ts'
import { withLock } from './lab-lock.ts'
import { labPaths } from './layout.ts'
import { resolveOptions } from './options.ts'
import type { LabOptions, ResolvedOptions } from './options.ts'
import { etcdPart, networkPart } from './parts.ts'
import { planLab } from './plan.ts'
import { requireFree } from './ports.ts'
import { stopProcesses } from './processes.ts'
import { createProgress } from './progress.ts'
import type { Progress } from './progress.ts'
import { ensurePrograms } from './programs.ts'
import { ensurePrometheus } from './prometheus-package.ts'
import { startMissing } from './start.ts'
import { LabStateError, findState, writeState } from './state.ts'
import type { LabState } from './state.ts'
import { createStateKeeper, withoutEnded } from './state-keeper.ts'

/**
 * Brings a lab up and returns its state. One that is up already stays as it is; parts of it that do
 * not run are started. On failure, or when the signal aborts, all processes are ended again.
 */
export async function labUp(options: LabOptions = {}): Promise<LabState> {
  const resolved = resolveOptions(options)
  const { dir } = resolved
  const progress = createProgress(resolved.log)
  await mkdir(dir, { recursive: true, mode: 0o700 })
  return withLock(labPaths(dir).lock, async () => {
    const found = await findState(dir)
    if (found?.phase === 'up') {
      requireSameClusters(found, options.clusters)
      return resume(found, progress, resolved.signal)
    }
    if (found !== undefined) {
      progress.say('removing what an interrupted start left')
      await removeLab(found)
    }
    return create(resolved, progress)
  })
}

async function create({ dir, clusters, bare, signal }: ResolvedOptions, progress: Progress): Promise<LabState> {
  const bin = await ensurePrograms(progress, signal)
  const prometheus = await ensurePrometheus(progress)
  const planned = await planLab(dir, { clusters, bare }, bin, prometheus)
  await writeState(planned)
  const keeper = createStateKeeper(planned)
  const context = { progress, onProcess: keeper.addProcess, signal }
  try {
    progress.say(`bringing up ${clusters.join(', ')} in ${dir}`)
    const tokens = createTokens()
    const issued = await Promise.all(
      planned.clusters.map(async (state) => ({
        state,
        credentials: await createCredentials(planned.bin.kube, dir, state, tokens),
      })),
    )
    await writeLabCredentials(dir, issued, tokens)
    for (const { ports } of planned.clusters) await requireFree(ports)
    await startPart(etcdPart(planned), context)
    if (bare) await startPart(networkPart(planned), context)
    const tasks = planned.clusters.map((cluster) =>
      createCluster(planned, cluster, { ...context, progress: progress.about(cluster.name) }),
    )
    // All are waited for even when one fails: nothing may be starting while the failure is cleaned up.
    for (const result of await Promise.allSettled(tasks)) if (result.status === 'rejected') throw result.reason
    await keeper.update((state) => ({ ...state, phase: 'up' }))
    progress.say('the lab is up')
    return keeper.current()
  } catch (cause) {
    progress.say(
      signal?.aborted === true ? 'stopped; cleaning up' : 'that failed; ending what was started (the logs stay)',
    )
    await stopProcesses(keeper.current().processes, 3_000)
    throw cause
  }
}

async function resume(found: LabState, progress: Progress, signal: AbortSignal | undefined): Promise<LabState> {
  const keeper = createStateKeeper(withoutEnded(found))
  const before = keeper.current().processes.length
  await startMissing(keeper, found.clusters, progress, signal)
  progress.say(keeper.current().processes.length === before ? 'the lab is up already' : 'the lab is up again')
  return keeper.current()
}

function requireSameClusters(found: LabState, wanted: readonly string[] | undefined): void {
  const names = found.clusters.map(({ name }) => name)
  if (wanted !== undefined && wanted.join() !== names.join()) {
    throw new LabStateError(`the lab in ${found.dir} has the clusters ${names.join(', ')}; run \`pnpm lab down\` first`)
  }
}
