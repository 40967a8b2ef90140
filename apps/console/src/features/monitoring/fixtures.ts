import type { MonitoringChoices, MonitoringPanel, MonitoringSection } from '@meshdeck/contract'
import { findDashboard, panelsOf, type DashboardId } from '@meshdeck/mesh/monitoring'

export const AT = 1_795_489_440
const STEP = 30

/** An answer with one rising line for every query of a section. */
export function sectionFixture(
  dashboard: DashboardId,
  section: string,
  change: (panel: MonitoringPanel) => Partial<MonitoringPanel> = () => ({}),
): MonitoringSection {
  const found = findDashboard(dashboard)
  const panels = found ? panelsOf(found, section) : []
  return {
    from: AT - 3_600,
    to: AT,
    step: STEP,
    window: 60,
    failures: [],
    panels: panels.map((panel) => {
      const told: MonitoringPanel = {
        id: panel.id,
        queries: panel.queries.map(({ id }) => ({ id, promql: `up{query="${id}"}` })),
        series: panel.queries.map(({ id, by }) => ({
          query: id,
          labels: Object.fromEntries(by.map((label) => [label, LABELS[label] ?? `a-${label}`])),
          points: [
            [AT - STEP, 1],
            [AT, 2],
          ],
        })),
        total: panel.queries.length,
        hidden: 0,
        warnings: [],
        failures: [],
      }
      return { ...told, ...change(told) }
    }),
  }
}

const LABELS: Readonly<Record<string, string>> = {
  source_workload: 'web-v1',
  source_workload_namespace: 'shop',
  destination_workload: 'cart-v1',
  destination_workload_namespace: 'shop',
  destination_service: 'cart.shop.svc.cluster.local',
  connection_security_policy: 'mutual_tls',
  response_code: '200',
  quantile: 'p99',
  le: '0.1',
}

export const CHOICES: MonitoringChoices = {
  clusters: ['alpha', 'beta'],
  namespaces: ['shop', 'backend'],
  services: ['cart', 'web'],
  workloads: ['cart-v1', 'web-v1'],
  revisions: ['default', 'canary'],
  whole: true,
  links: { grafana: 'https://grafana.example/base/', tracing: 'https://traces.example/search?service={service}' },
}
