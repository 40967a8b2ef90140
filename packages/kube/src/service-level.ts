import type { KubeResource } from './metadata.ts'

export const SERVICE_LEVEL_INDICATORS = ['Availability', 'Latency'] as const
/** What is counted: requests that did not fail, or requests that were answered in time. */
export type ServiceLevelIndicator = (typeof SERVICE_LEVEL_INDICATORS)[number]

/**
 * Bounds of the buckets that Istio's proxies count durations in, in whole milliseconds: what lies between two cannot be
 * told. Source: https://github.com/envoyproxy/envoy/blob/main/source/common/stats/histogram_impl.cc
 */
export const LATENCY_BOUNDS_MS = [
  1, 5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 30_000, 60_000, 300_000, 600_000, 1_800_000, 3_600_000,
] as const

/** Days over which a target may be held: at least a week, so that the windows of the alerts fit in. */
export const SERVICE_LEVEL_DAYS = { min: 7, max: 90 } as const

export interface ServiceLevelSpec {
  mesh: string
  service: { namespace: string; name: string }
  /** Only requests that are served in these clusters; all of the mesh's when absent. */
  clusters?: string[]
  indicator: {
    type: ServiceLevelIndicator
    /** Of a latency: one of `LATENCY_BOUNDS_MS`. */
    thresholdMilliseconds?: number
  }
  /** Percentage of requests that shall be good: above 0, below 100. */
  objective: number
  windowDays: number
  description?: string
}

/** What a service promises: so many of its requests are good, over so many days. */
export interface ServiceLevel extends KubeResource {
  apiVersion: 'meshdeck.io/v1alpha1'
  kind: 'ServiceLevel'
  spec: ServiceLevelSpec
}
