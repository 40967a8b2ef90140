import type { Fleet } from './fleets/fleet.ts'
import { SYSTEM_CLOCK } from './clock.ts'
import { kubeconfigOf } from './kubeconfig.ts'
import { seededRandom } from './random.ts'
import { SandboxCluster } from './sandbox-cluster.ts'
import type { Clock } from './store/cluster-api.ts'

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

  private constructor(fleet: Fleet, clusters: readonly SandboxCluster[]) {
    this.fleet = fleet
    this.clusters = clusters
  }

  /** Starts all clusters; when one cannot be started, none is left running. */
  static async start({ fleet, seed = 1, clock = SYSTEM_CLOCK, onError }: SandboxOptions): Promise<Sandbox> {
    const clusters: SandboxCluster[] = []
    try {
      for (const [index, definition] of fleet.clusters.entries()) {
        clusters.push(
          await SandboxCluster.start({
            definition,
            people: fleet.people,
            clock,
            random: seededRandom(seed + index),
            onError,
          }),
        )
      }
    } catch (error) {
      for (const cluster of clusters) await cluster.stop()
      throw error
    }
    return new Sandbox(fleet, clusters)
  }

  /** @throws Error that names the clusters there are. */
  cluster(name: string): SandboxCluster {
    const found = this.clusters.find((cluster) => cluster.name === name)
    if (found === undefined) {
      throw new Error(`no cluster "${name}" here; there are ${this.clusters.map((cluster) => cluster.name).join(', ')}`)
    }
    return found
  }

  /** The owner's kubeconfig, the hub's context first. */
  async kubeconfig(): Promise<string> {
    const ordered = this.clusters.toSorted(
      (a, b) => Number(b.name === this.fleet.hub) - Number(a.name === this.fleet.hub),
    )
    return kubeconfigOf(await Promise.all(ordered.map((cluster) => cluster.ownerAccess())))
  }

  async stop(): Promise<void> {
    await Promise.all(this.clusters.map((cluster) => cluster.stop()))
  }
}
