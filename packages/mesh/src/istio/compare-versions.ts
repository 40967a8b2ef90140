const VERSION = /^v?(\d+)\.(\d+)(?:\.(\d+))?(?:-(.+))?$/
/** Kinds of base image, which say nothing of the release. */
const BASE_IMAGE = /(?:^|-)(?:distroless|debug)$/

/**
 * Order of two versions of Istio (`1.30.3`, `v1.31.0-beta.1`, `1.30.3-distroless`): negative when `a` is older. What is
 * named before its release is older than it; two such names of one release, and what is no version, cannot be compared.
 */
export function compareVersions(a: string, b: string): number | undefined {
  const [left, right] = [read(a), read(b)]
  if (left === undefined || right === undefined) return undefined
  for (const [index, number] of left.numbers.entries()) {
    const difference = number - (right.numbers[index] ?? 0)
    if (difference !== 0) return difference
  }
  if (left.before === right.before) return 0
  if (left.before !== '' && right.before !== '') return undefined
  return left.before === '' ? 1 : -1
}

function read(version: string): { numbers: readonly number[]; before: string } | undefined {
  const [, major, minor, patch = '0', suffix = ''] = VERSION.exec(version) ?? []
  if (major === undefined || minor === undefined) return undefined
  return { numbers: [major, minor, patch].map(Number), before: suffix.replace(BASE_IMAGE, '') }
}
