import { MESHDECK_NAMESPACE, NEVER_INJECTED_NAMESPACES } from '@meshdeck/kube'
import { CNI_NAMESPACE, ZTUNNEL_NAMESPACE } from '../install/names.ts'

/**
 * Whether a namespace belongs to what carries a cluster and not to those who work in it: lists leave it out at first, and
 * repairs in it are not proposed. `systemNamespace` is the mesh's own.
 */
export function isSystemNamespace(name: string, systemNamespace: string): boolean {
  return name === systemNamespace || SYSTEM_NAMESPACES.has(name)
}

/** Modules of DCE 5.0; each lives in a namespace `NAME-system`. */
const DCE_MODULES =
  'amamba ghippo insight ipavo kairship kangaroo kant kcoral kpanda kubean mcamel mspider skoala spidernet'.split(' ')
const SYSTEM_NAMESPACES: ReadonlySet<string> = new Set([
  ...NEVER_INJECTED_NAMESPACES,
  MESHDECK_NAMESPACE,
  'istio-system',
  'istio-operator',
  'sail-operator',
  CNI_NAMESPACE,
  ZTUNNEL_NAMESPACE,
  ...DCE_MODULES.map((module) => `${module}-system`),
])
