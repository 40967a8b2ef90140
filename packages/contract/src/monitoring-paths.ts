import { API_ROOT } from './paths.ts'

const e = encodeURIComponent

/** Paths that only the monitoring pages ask for. Apart from `paths`, which every page loads, and from the schemas. */
export const monitoringPaths = {
  section: (mesh: string, dashboard: string, section: string) =>
    `${API_ROOT}/meshes/${e(mesh)}/monitoring/${e(dashboard)}/${e(section)}`,
  exemplars: (mesh: string, dashboard: string, section: string, panel: string) =>
    `${API_ROOT}/meshes/${e(mesh)}/monitoring/${e(dashboard)}/${e(section)}/${e(panel)}/exemplars`,
  explore: (mesh: string) => `${API_ROOT}/meshes/${e(mesh)}/monitoring/-explore`,
  exploreNames: (mesh: string) => `${API_ROOT}/meshes/${e(mesh)}/monitoring/-explore/names`,
  exploreMetrics: (mesh: string) => `${API_ROOT}/meshes/${e(mesh)}/monitoring/-explore/metrics`,
  recordingRules: (mesh: string) => `${API_ROOT}/meshes/${e(mesh)}/monitoring/-recording-rules`,
  recordingRulesFile: (mesh: string, format: 'file' | 'operator') =>
    `${API_ROOT}/meshes/${e(mesh)}/monitoring/-recording-rules/file?format=${format}`,
  choices: (mesh: string) => `${API_ROOT}/meshes/${e(mesh)}/monitoring/-choices`,
}
