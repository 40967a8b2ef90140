export { bootstrapRows } from './bootstrap.ts'
export { clusterRows } from './clusters.ts'
export * from './compare-rows.ts'
export {
  isZtunnelSection,
  PROXY_SECTIONS,
  SECTION_COLUMNS,
  ZTUNNEL_SECTIONS,
  type ConfigRow,
  type ConfigSection,
  type ProxySection,
  type ZtunnelSection,
} from './config-row.ts'
export { endpointRows } from './endpoints.ts'
export { listenerRows } from './listeners.ts'
export type { ObjectOrigin } from './object-origin.ts'
export { routeRows } from './routes.ts'
export { resourceOf } from './resource-of.ts'
export { readSecrets } from './secrets.ts'
export * from './sync-status.ts'
export { withoutKeys } from './without-keys.ts'
export { ztunnelCertificateRows } from './ztunnel/certificates.ts'
export { entriesAt } from './ztunnel/entries.ts'
export { ztunnelPolicyRows } from './ztunnel/policies.ts'
export { ztunnelServiceRows } from './ztunnel/services.ts'
export { ztunnelSettingRows } from './ztunnel/settings.ts'
export { ztunnelWorkloadRows } from './ztunnel/workloads.ts'
