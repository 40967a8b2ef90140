import { rm, rmdir, stat } from 'node:fs/promises'
import { withLock } from './lab-lock.ts'
import { clusterPaths, labPaths } from './layout.ts'
import { resolveOptions } from './options.ts'
import type { LabOptions } from './options.ts'
import { stopProcesses } from './processes.ts'
import { createProgress } from './progress.ts'
import { findState, statePath } from './state.ts'
import type { LabState } from './state.ts'

/** Ends all processes of a lab and removes its data. Says so when there is none, which is no error. */
export async function labDown(options: Pick<LabOptions, 'dir' | 'log'> = {}): Promise<void> {
  const { dir, log } = resolveOptions(options)
  const progress = createProgress(log)
  const isThere = await stat(dir).then(
    () => true,
    () => false,
  )
  if (!isThere) return progress.say(`no lab in ${dir}`)
  await withLock(labPaths(dir).lock, async () => {
    const state = await findState(dir)
    if (state === undefined) return progress.say(`no lab in ${dir}`)
    progress.say(`ending ${state.processes.length} processes`)
    await removeLab(state)
    progress.say('the lab is down; nothing of it is left')
  })
  await removeIfEmpty(dir)
}

/** Ends the processes, then removes what the lab wrote: only that, as the directory may be anybody's. */
export async function removeLab(state: LabState): Promise<void> {
  await stopProcesses(state.processes, 3_000)
  const { dir } = state
  const paths = labPaths(dir)
  const mine = [
    paths.kubeconfig,
    `${paths.kubeconfig}.cache`,
    paths.tokens,
    paths.etcdData,
    paths.logs,
    paths.network,
    paths.users,
    clusterPaths(dir, '').home,
    ...state.clusters.flatMap(({ kubeconfig }) => [kubeconfig, `${kubeconfig}.cache`]),
    // Last, so that an interrupted removal can be taken up again.
    statePath(dir),
  ]
  for (const path of mine) await rm(path, { recursive: true, force: true })
}

async function removeIfEmpty(dir: string): Promise<void> {
  await rmdir(dir).catch(() => {})
}
