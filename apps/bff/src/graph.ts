/** How a graph is asked for, by itself: for measurements, which have no fleet to ask it of. */
export { fetchGraphSamples, graphQueries } from './lib/prometheus/graph-queries.ts'
export { createPrometheusClient, type PrometheusClient } from './lib/prometheus/prometheus-client.ts'
export { DEFAULT_LIMITS } from './lib/prometheus/governor/query-limits.ts'
export { createSharedGraphs } from './lib/shared-graphs.ts'
