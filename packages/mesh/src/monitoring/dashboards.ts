import { controlPlaneDashboard } from './control-plane-dashboard.ts'
import { meshDashboard } from './mesh-dashboard.ts'
import type { Dashboard, Panel } from './panel.ts'
import { performanceDashboard } from './performance-dashboard.ts'
import { serviceDashboard } from './service-dashboard.ts'
import { workloadDashboard } from './workload-dashboard.ts'
import { ztunnelDashboard } from './ztunnel-dashboard.ts'

/** All dashboards in the order of their tabs. What each panel corresponds to elsewhere stands in docs/monitoring.md. */
export const DASHBOARDS: readonly Dashboard[] = [
  meshDashboard,
  serviceDashboard,
  workloadDashboard,
  controlPlaneDashboard,
  performanceDashboard,
  ztunnelDashboard,
]

export function findDashboard(id: string): Dashboard | undefined {
  return DASHBOARDS.find((dashboard) => dashboard.id === id)
}

/** The panels of a dashboard; only those of one section when it is named. */
export function panelsOf({ sections }: Dashboard, section?: string): readonly Panel[] {
  return sections.filter(({ id }) => section === undefined || id === section).flatMap(({ panels }) => panels)
}
