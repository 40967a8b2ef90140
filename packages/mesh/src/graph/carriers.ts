import type { End } from './endpoints.ts'
import type { InventoryIndex } from './inventory-index.ts'
import type { EdgeSample, GraphProtocol, GraphSamples, Reporter } from './model.ts'

/** What must be known of a report to tell whether it is of traffic that another one tells more of. */
export interface Report {
  /** Equal for reports of the same traffic, whatever is spoken in it. */
  parties: number
  source: End
  host: string | undefined
  kind: keyof GraphSamples
  protocol: GraphProtocol
  reporter: Reporter
  sample: EdgeSample
}

const OPPOSITE: Readonly<Record<Reporter, Reporter | undefined>> = {
  source: 'destination',
  destination: 'source',
  waypoint: undefined,
}

/**
 * Tells reports that are only of how requests were carried:
 *
 * - ztunnel sees connections and no requests. Where the other end has a sidecar, that reports the requests in them, and
 *   would report connections that hold none.
 * - On the way to a waypoint the client's proxy names the waypoint as the workload it reached. The waypoint itself reports
 *   these requests, and where they went.
 */
export function carrierTest(reports: Iterable<Report>, inventory: InventoryIndex): (report: Report) => boolean {
  const requests = partiesByReporter()
  const connections = partiesByReporter()
  const throughWaypoints = new Set<string>()
  for (const report of reports) {
    const { parties, protocol, reporter } = report
    ;(protocol === 'tcp' ? connections : requests)[reporter].add(parties)
    if (inventory.hasWaypoints && reporter === 'waypoint') throughWaypoints.add(callOf(report))
  }
  return (report) => {
    const { parties, protocol, reporter, sample } = report
    const opposite = OPPOSITE[reporter]
    if (opposite === undefined) return false
    if (protocol === 'tcp') return requests[opposite].has(parties) && !connections[opposite].has(parties)
    return inventory.hasWaypoints && isToWaypoint(sample, inventory) && throughWaypoints.has(callOf(report))
  }
}

const partiesByReporter = (): Record<Reporter, Set<number>> => ({
  source: new Set(),
  waypoint: new Set(),
  destination: new Set(),
})

const callOf = ({ source, host }: Report): string => `${source.party} ${host ?? ''}`

function isToWaypoint({ metric }: EdgeSample, inventory: InventoryIndex): boolean {
  const namespace = metric['destination_workload_namespace'] ?? ''
  const names = [metric['destination_workload'], metric['destination_canonical_service']]
  return names.some((name) => name !== undefined && inventory.isWaypoint(namespace, name))
}
