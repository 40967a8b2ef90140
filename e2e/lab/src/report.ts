import type { LabState } from './state.ts'
import type { PartStatus } from './status.ts'

/** What somebody wants to know right after `up`. */
export function renderWelcome(state: LabState): string {
  const rows = state.clusters.map((cluster) => [
    cluster.name,
    cluster.apiUrl,
    cluster.prometheusUrl,
    cluster.istiodDebugUrl,
    cluster.graph,
  ])
  return [
    renderTable([['CLUSTER', 'API SERVER', 'PROMETHEUS', 'ISTIOD DEBUG', 'GRAPH'], ...rows]),
    '',
    `kubeconfig  ${state.kubeconfig}`,
    ...Object.entries(state.users).map(([name, user]) => `  ${name.padEnd(8)}  ${user.kubeconfig}`),
    `tokens      ${state.tokens}`,
  ].join('\n')
}

export function renderStatus(state: LabState, parts: readonly PartStatus[]): string {
  const rows = parts.map((part) => [
    part.cluster ?? '-',
    part.part,
    part.pid === undefined ? '-' : String(part.pid),
    part.isHealthy ? 'healthy' : part.isRunning ? 'not answering' : 'stopped',
    part.healthUrl,
  ])
  const header = ['CLUSTER', 'PART', 'PID', 'STATUS', 'ASKED']
  return [`lab in ${state.dir}, since ${state.startedAt}`, '', renderTable([header, ...rows])].join('\n')
}

function renderTable(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)))
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}
