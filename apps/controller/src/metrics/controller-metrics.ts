import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client'
import type { WorkResult } from '../queue/work-queue.ts'

/** The controller's own figures, for its `/metrics`. */
export interface ControllerMetrics {
  readonly registry: Registry
  reconciled(kind: string, result: WorkResult): void
  statusWritten(kind: string): void
  leading(leads: boolean): void
  /** Counts of what waits, read when the figures are asked for. */
  observeQueues(depths: () => Readonly<Record<string, number>>): void
  /** Watches of the clusters, read when the figures are asked for. */
  observeWatches(counts: () => { open: number; reconnects: number }): void
}

export function createMetrics(): ControllerMetrics {
  const registry = new Registry()
  const registers = [registry]
  collectDefaultMetrics({ register: registry })
  const total = new Counter({
    name: 'meshdeck_controller_reconcile_total',
    help: 'Times that an object was looked at, by what became of it',
    labelNames: ['kind', 'result'],
    registers,
  })
  const duration = new Histogram({
    name: 'meshdeck_controller_reconcile_duration_seconds',
    help: 'Time that looking at one object took',
    labelNames: ['kind'],
    buckets: [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
    registers,
  })
  const writes = new Counter({
    name: 'meshdeck_controller_status_writes_total',
    help: 'Statuses written to the hub',
    labelNames: ['kind'],
    registers,
  })
  const leader = new Gauge({ name: 'meshdeck_controller_leader', help: '1 in the replica that works', registers })
  leader.set(0)
  let depths: () => Readonly<Record<string, number>> = () => ({})
  new Gauge({
    name: 'meshdeck_controller_queue_depth',
    help: 'Objects that wait to be looked at',
    labelNames: ['kind'],
    registers,
    collect() {
      this.reset()
      for (const [kind, depth] of Object.entries(depths())) this.set({ kind }, depth)
    },
  })
  let watches = (): { open: number; reconnects: number } => ({ open: 0, reconnects: 0 })
  new Gauge({
    name: 'meshdeck_controller_watches',
    help: 'Watches of the clusters that are open',
    registers,
    collect() {
      this.set(watches().open)
    },
  })
  new Gauge({
    name: 'meshdeck_controller_watch_reconnects',
    help: 'Times that a watch was started again after a failure, since this process leads',
    registers,
    collect() {
      this.set(watches().reconnects)
    },
  })
  return {
    registry,
    reconciled: (kind, { outcome, error, seconds }) => {
      total.inc({ kind, result: error === undefined ? outcome : 'error' })
      duration.observe({ kind }, seconds)
    },
    statusWritten: (kind) => writes.inc({ kind }),
    leading: (leads) => leader.set(leads ? 1 : 0),
    observeQueues: (read) => {
      depths = read
    },
    observeWatches: (read) => {
      watches = read
    },
  }
}
