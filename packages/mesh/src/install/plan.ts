import type { HelmRelease, IstioChart, KindId, KubeResource } from '@meshdeck/kube'

/** Steps of an installation in one cluster, in the order in which they are done. */
export const INSTALL_STEPS = [
  'namespaces',
  'trust',
  'controlPlane',
  'nodeAgents',
  'gateways',
  'defaults',
  'reader',
  'remoteSecrets',
] as const
export type InstallStep = (typeof INSTALL_STEPS)[number]

export interface PlannedObject {
  step: InstallStep
  kind: KindId
  object: KubeResource
}

export interface PlannedRelease {
  step: InstallStep
  release: HelmRelease
}

export type Planned = PlannedObject | PlannedRelease

export const isRelease = (planned: Planned): planned is PlannedRelease => 'release' in planned

/** Kinds in which something of a mesh may be left that is no longer wanted, in the order in which it goes. */
export const PRUNED_KINDS: readonly KindId[] = [
  'Sidecar',
  'DestinationRule',
  'VirtualService',
  'Gateway',
  'Deployment',
  'Service',
  'ServiceAccount',
  'Secret',
  'ZTunnel',
  'IstioCNI',
  'Istio',
]

/** Releases of a mesh, in the order in which they go. */
export const RELEASES_GO: readonly IstioChart[] = ['gateway', 'ztunnel', 'cni', 'istiod', 'base']
