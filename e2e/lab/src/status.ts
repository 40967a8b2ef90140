import { statusOf } from './http-probe.ts'
import { resolveOptions } from './options.ts'
import type { LabOptions } from './options.ts'
import { clusterPart, etcdPart, networkPart, partsOf } from './parts.ts'
import type { Part } from './parts.ts'
import { isRunning } from './processes.ts'
import { readState } from './state.ts'
import type { LabState } from './state.ts'

/** How one process of the lab is. */
export interface PartStatus {
  readonly cluster: string | undefined
  readonly part: string
  readonly pid: number | undefined
  readonly isRunning: boolean
  /** Whether it serves, asked just now. */
  readonly isHealthy: boolean
  readonly healthUrl: string
}

/** Asks every part of a lab how it is. */
export async function labStatus(options: Pick<LabOptions, 'dir'> = {}): Promise<readonly PartStatus[]> {
  const state = await readState(resolveOptions(options).dir)
  const parts = [
    etcdPart(state),
    ...(state.bare ? [networkPart(state)] : []),
    ...state.clusters.flatMap((cluster) => partsOf(state).map((name) => clusterPart(state, cluster, name))),
  ]
  return Promise.all(parts.map((part) => statusOfPart(state, part)))
}

async function statusOfPart(state: LabState, part: Part): Promise<PartStatus> {
  const { cluster, healthUrl } = part
  const record = state.processes.find(
    (process) => process.part === part.part && process.cluster === cluster && isRunning(process),
  )
  // Somebody else may answer on the port of a process that is gone; that is not health.
  const isHealthy = record !== undefined && (await statusOf(healthUrl)) === 200
  return { cluster, part: part.part, pid: record?.pid, isRunning: record !== undefined, isHealthy, healthUrl }
}
