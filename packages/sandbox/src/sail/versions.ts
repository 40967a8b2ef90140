/** Versions of Istio that the operator can install. Source: https://github.com/istio-ecosystem/sail-operator/blob/main/docs/README.adoc */
const PATCHES: Readonly<Record<string, number>> = { '1.30': 3, '1.29': 6, '1.28': 10 }

/** What `spec.version` is when nobody has set it. */
export const DEFAULT_VERSION = 'v1.30.3'

/** Without the `v`; none for a version that the operator does not know. Aliases such as `v1.30-latest` are read. */
export function resolveVersion(version: string): string | undefined {
  const [, minor = '', patch] = /^v(\d+\.\d+)(?:\.(\d+)|-latest)$/.exec(version) ?? []
  const newest = PATCHES[minor]
  if (newest === undefined) return undefined
  const number = patch === undefined ? newest : Number(patch)
  return number <= newest ? `${minor}.${number}` : undefined
}

/** For messages: what there is instead. */
export function knownVersions(): string {
  return Object.entries(PATCHES)
    .map(([minor, patch]) => `v${minor}.0 to v${minor}.${patch}`)
    .join(', ')
}
