import { join, resolve } from 'node:path'
import type { Log } from './progress.ts'

export interface LabOptions {
  /** Where the lab keeps everything; `.lab` in the repository unless told. */
  readonly dir?: string
  /** Names of the clusters; `alpha` and `beta` unless told. The first gets the graph `shop`. */
  readonly clusters?: readonly string[]
  /** Clusters with nodes and nothing else: no Istio, no services, no Prometheus. Whoever installs Istio there gets a real istiod. */
  readonly bare?: boolean
  /** Told each step; nothing is said unless given. */
  readonly log?: Log
  /** Ends an `up` early and cleans up after it. */
  readonly signal?: AbortSignal
}

export interface ResolvedOptions {
  readonly dir: string
  readonly clusters: readonly string[]
  readonly bare: boolean
  readonly log: Log
  readonly signal: AbortSignal | undefined
}

/** The lab was asked for something that cannot be. */
export class LabOptionsError extends Error {
  override name = 'LabOptionsError'
}

export const DEFAULT_DIR = join(import.meta.dirname, '../../../.lab')
const DEFAULT_CLUSTERS = ['alpha', 'beta']

export function resolveOptions(options: LabOptions): ResolvedOptions {
  const clusters = options.clusters ?? DEFAULT_CLUSTERS
  // The names become paths, prefixes in etcd and parts of labels.
  const bad = clusters.find((name) => !/^[a-z][a-z0-9-]{0,30}[a-z0-9]$/.test(name) || name === 'users')
  if (bad !== undefined)
    throw new LabOptionsError(`"${bad}" cannot name a cluster: use small letters, digits and dashes`)
  if (clusters.length === 0 || clusters.length > 6) throw new LabOptionsError('a lab has one to six clusters')
  if (new Set(clusters).size !== clusters.length) throw new LabOptionsError('two clusters have the same name')
  return {
    dir: resolve(options.dir ?? DEFAULT_DIR),
    clusters,
    bare: options.bare ?? false,
    log: options.log ?? (() => {}),
    signal: options.signal,
  }
}
