import { isZtunnelSection, type ConfigSection } from '@meshdeck/mesh/proxy-config'

/** Name of the program that has a section. */
export function programOf(section: ConfigSection): 'Envoy' | 'ztunnel' {
  return isZtunnelSection(section) ? 'ztunnel' : 'Envoy'
}
