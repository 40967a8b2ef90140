import type { ClusterState } from './state.ts'

/**
 * Prometheus' configuration for one cluster: the generator in place of the proxies, and istiod
 * itself. Scraped every 5 s, so that a rate over a minute is whole soon after the start. JSON is YAML.
 */
export function renderPrometheusConfig(cluster: ClusterState): string {
  const target = (url: string, labels: Readonly<Record<string, string>>): unknown => ({
    targets: [new URL(url).host],
    labels,
  })
  const config = {
    global: { scrape_interval: '5s', scrape_timeout: '4s' },
    scrape_configs: [
      {
        job_name: 'istio-proxies',
        static_configs: [target(cluster.generatorUrl, {})],
      },
      {
        job_name: 'istiod',
        static_configs: [
          target(cluster.istiodMetricsUrl, {
            app: 'istiod',
            namespace: cluster.istio.namespace,
            cluster: cluster.name,
          }),
        ],
      },
    ],
  }
  return `${JSON.stringify(config, null, 2)}\n`
}
