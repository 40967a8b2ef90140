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

/**
 * The newest version that a mesh can be upgraded to: one that its cluster's Kubernetes fits, at most one minor ahead, as
 * Istio wants it. Nothing when it has the newest, or its own is not known. Source: https://istio.io/latest/docs/setup/upgrade/
 */
export function upgradeFor(version: string | undefined, kubernetes: string | undefined): string | undefined {
  const [minor, patch] = partsOf(version)
  if (minor === undefined || patch === undefined) return undefined
  return releasesFor(kubernetes)
    .map((release) => release.version)
    .filter((candidate) => {
      const [otherMinor = 0, otherPatch = 0] = partsOf(candidate)
      return (otherMinor === minor && otherPatch > patch) || otherMinor === minor + 1
    })
    .toSorted((a, b) => (partsOf(b)[0] ?? 0) - (partsOf(a)[0] ?? 0))[0]
}

const partsOf = (version: string | undefined): number[] => {
  const found = /^v?1\.(\d+)\.(\d+)/.exec(version ?? '')
  return found === null ? [] : found.slice(1).map(Number)
}
