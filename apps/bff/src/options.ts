import type { SessionMode } from '@meshdeck/contract'
import type { ClusterConnectionSpec, HelmOptions } from '@meshdeck/kube-client'
import type { FastifyBaseLogger } from 'fastify'
import type { QueryLimits } from './lib/prometheus/governor/query-limits.ts'
import type { SandboxOptions } from './lib/sandbox-options.ts'

/** All that decides how the BFF works; the same for production and tests. */
export interface BffOptions {
  /** The cluster with Meshdeck's own records, and the credential for it. */
  hub: ClusterConnectionSpec
  /** The kubeconfig that Meshdeck was started with: Cluster records may name its contexts. */
  kubeconfig?: { text: string; directory: string }
  /** Address that is listened on. Mode `local` and open metrics depend on whether it is loopback. */
  host: string
  /** How one may sign in. `local` (nobody signs in, the kubeconfig's holder acts) is for loopback only. */
  modes: readonly SessionMode[]
  /** URL path below which all is served, without a slash at the end; empty for the root. */
  basePath: string
  /** Folder of the built console; without it only the API is served. */
  consoleDir?: string
  /** Secret text of 32 characters or more that seals session cookies; needed when there are several replicas. */
  sessionKey?: string
  /** Who may put the console in a frame: CSP sources. */
  frameAncestors?: readonly string[]
  /** Serve `/metrics` without a session. Default: on loopback only. */
  openMetrics?: boolean
  /** Set when the clusters are simulated; for loopback only. */
  sandbox?: SandboxOptions
  /** By which plans of meshes of engine Helm are made; the same as the controller's. */
  helm?: HelmOptions
  /** What bounds the questions to each Prometheus. */
  queryLimits?: QueryLimits
  logger?: FastifyBaseLogger | false
}

/** Thrown for options that contradict each other; the message says what to change. */
export class BffOptionsError extends Error {
  override readonly name = 'BffOptionsError'
}
