/** A version of Istio that meshes can be created with. */
export interface IstioRelease {
  version: string
  /** Oldest Kubernetes minor that Istio supports. */
  kubernetes: number
  recommended?: boolean
}

/** What the Sail Operator 1.30 can install, newest patch of each minor. Source: https://istio.io/latest/docs/releases/supported-releases/ */
export const ISTIO_RELEASES: readonly IstioRelease[] = [
  { version: '1.30.3', kubernetes: 32, recommended: true },
  { version: '1.29.6', kubernetes: 30 },
  { version: '1.28.10', kubernetes: 29 },
]

/** Those that fit a cluster's Kubernetes (`v1.36.3`); all when its version is not known. */
export function releasesFor(kubernetes: string | undefined): readonly IstioRelease[] {
  const minor = Number(/^v?1\.(\d+)/.exec(kubernetes ?? '')?.[1] ?? Number.POSITIVE_INFINITY)
  return ISTIO_RELEASES.filter((release) => release.kubernetes <= minor)
}
