import type { Fleet } from './fleets/fleet.ts'
import { CertificateAuthority } from './auth/certificates.ts'
import type { ClusterFaults } from './control/cluster-faults.ts'
import { SYSTEM_CLOCK } from './clock.ts'
import { kubeconfigOf } from './kubeconfig.ts'
import { seededRandom } from './random.ts'
import { PrometheusServer } from './prometheus/prometheus-server.ts'
import type { PrometheusSource } from './prometheus/query-api.ts'
import { FLEET_AGE_MS, HISTORY_AGE_MS, keepFirstEntry, makeChange } from './past/past-changes.ts'
import { SetBackClock } from './past/set-back-clock.ts'
import { SandboxCluster } from './sandbox-cluster.ts'
import type { Clock } from './store/cluster-api.ts'
import { TrafficModel } from './traffic/traffic-model.ts'

export interface SandboxOptions {
  readonly fleet: Fleet
  /** The same seed makes the same fleet. */
  readonly seed?: number
  readonly clock?: Clock
  /** Takes what should not have happened. */
  readonly onError: (error: unknown) => void
}

/** A running fleet of simulated clusters, each with an API server on loopback. */
export class Sandbox {
  readonly fleet: Fleet
  readonly clusters: readonly SandboxCluster[]

  /** By cluster. */
  readonly prometheus: ReadonlyMap<string, PrometheusServer>
  readonly #traffic: TrafficModel | undefined

  private constructor(
    fleet: Fleet,
    clusters: readonly SandboxCluster[],
    prometheus: ReadonlyMap<string, PrometheusServer>,
    traffic: TrafficModel | undefined,
  ) {
    this.fleet = fleet
    this.clusters = clusters
    this.prometheus = prometheus
    this.#traffic = traffic
  }

  /** Starts all clusters; when one cannot be started, none is left running. */
  static async start({ fleet, seed = 1, clock: time = SYSTEM_CLOCK, onError }: SandboxOptions): Promise<Sandbox> {
    const clock = new SetBackClock(time)
    const hasPast = fleet.clusters.some(({ past = [] }) => past.length > 0)
    const clusters: SandboxCluster[] = []
    const prometheus = new Map<string, PrometheusServer>()
    const roots = new MeshRoots()
    const meshOf = (name: string): string | undefined => fleet.clusters.find((each) => each.name === name)?.mesh
    let traffic: TrafficModel | undefined
    try {
      for (const [index, definition] of fleet.clusters.entries()) {
        const options = {
          definition,
          people: fleet.people,
          meshAuthority: await roots.of(definition.mesh ?? definition.name),
          peers: () => clusters.map(({ name, api, cluster }) => ({ name, server: api.url, api: cluster })),
          members: () =>
            clusters
              .filter(
                ({ name }) =>
                  name === definition.name || (definition.mesh !== undefined && meshOf(name) === definition.mesh),
              )
              .map(({ name, cluster }) => ({ name, api: cluster })),
          clock,
          random: seededRandom(seed + index),
          onError,
        }
        clusters.push(await clock.ago(hasPast ? FLEET_AGE_MS : 0, () => SandboxCluster.start(options)))
      }
      const members = fleet.clusters.flatMap(({ name, mesh }) => {
        const api = clusters.find((cluster) => cluster.name === name)?.cluster
        return mesh === undefined || api === undefined ? [] : [{ name, mesh, api }]
      })
      if (fleet.traffic !== undefined) {
        traffic = new TrafficModel({ traffic: fleet.traffic, clusters: members, clock })
        for (const { name } of members) {
          prometheus.set(name, await PrometheusServer.start({ source: traffic.sourceOf(name), clock, onError }))
        }
      }
      if (hasPast) await makePast({ fleet, clusters, clock, traffic })
    } catch (error) {
      traffic?.stop()
      for (const server of prometheus.values()) await server.stop()
      for (const cluster of clusters) await cluster.stop()
      throw error
    }
    return new Sandbox(fleet, clusters, prometheus, traffic)
  }

  /** @throws Error that names the clusters there are. */
  cluster(name: string): SandboxCluster {
    const found = this.clusters.find((cluster) => cluster.name === name)
    if (found === undefined) {
      throw new Error(`no cluster "${name}" here; there are ${this.clusters.map((cluster) => cluster.name).join(', ')}`)
    }
    return found
  }

  /** What the Prometheus of a cluster is asked for; none where there is no traffic. */
  metricsOf(cluster: string): PrometheusSource | undefined {
    return this.prometheus.has(cluster) ? this.#traffic?.sourceOf(cluster) : undefined
  }

  get clusterNames(): readonly string[] {
    return this.clusters.map(({ name }) => name)
  }

  faultsOf(cluster: string): ClusterFaults {
    return { api: this.cluster(cluster).api.faults, prometheus: this.prometheus.get(cluster)?.faults ?? {} }
  }

  /** Replaces all faults of a cluster; a cluster without Prometheus has none of that. */
  async setFaults(cluster: string, { api, prometheus }: ClusterFaults): Promise<void> {
    await this.cluster(cluster).api.setFaults(api)
    await this.prometheus.get(cluster)?.setFaults(prometheus)
  }

  /** The owner's kubeconfig, the hub's context first. */
  async kubeconfig(): Promise<string> {
    const ordered = this.clusters.toSorted(
      (a, b) => Number(b.name === this.fleet.hub) - Number(a.name === this.fleet.hub),
    )
    return kubeconfigOf(await Promise.all(ordered.map((cluster) => cluster.ownerAccess())))
  }

  async stop(): Promise<void> {
    this.#traffic?.stop()
    await Promise.all([
      ...this.clusters.map((cluster) => cluster.stop()),
      ...[...this.prometheus.values()].map((server) => server.stop()),
    ])
  }
}

interface PastOf {
  fleet: Fleet
  clusters: readonly SandboxCluster[]
  clock: SetBackClock
  traffic: TrafficModel | undefined
}

/** Lets people change what they have changed, each at its time, and Meshdeck know what was there before. */
async function makePast({ fleet, clusters, clock, traffic }: PastOf): Promise<void> {
  const clusterOf = (wanted: string) => clusters.find(({ name }) => name === wanted)?.cluster
  const hub = clusterOf(fleet.hub)
  const changes = fleet.clusters
    .flatMap((definition) => (definition.past ?? []).map((change) => ({ definition, change })))
    .toSorted((a, b) => b.change.minutesAgo - a.change.minutesAgo)
  for (const { definition, change } of changes) {
    const cluster = clusterOf(definition.name)
    if (hub === undefined || cluster === undefined) continue
    await clock.ago(HISTORY_AGE_MS, () => keepFirstEntry(hub, cluster, change))
    await clock.ago(change.minutesAgo * 60_000, () => {
      makeChange(cluster, definition, change)
      traffic?.settle()
    })
  }
}

/** Clusters of one mesh trust one root. */
class MeshRoots {
  readonly #roots = new Map<string, Promise<CertificateAuthority>>()

  of(mesh: string): Promise<CertificateAuthority> {
    let root = this.#roots.get(mesh)
    if (root === undefined) {
      root = CertificateAuthority.create('cluster.local')
      this.#roots.set(mesh, root)
    }
    return root
  }
}
