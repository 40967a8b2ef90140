import { ISTIO_RELEASES } from '../install/versions.ts'
import { isRead, unreadCheck, type Check, type Fact } from './check.ts'

/** Whether a cluster's Kubernetes (`v1.36.3`) is one that the chosen Istio (`1.30.3`) supports. */
export function kubernetesCheck(kubernetes: Fact<string>, istio: string): Check {
  if (!isRead(kubernetes)) return unreadCheck('kubernetes', kubernetes.unread)
  const params = { kubernetes: kubernetes.value, istio }
  const minor = minorOf(kubernetes.value)
  const oldest = oldestFor(istio)
  if (minor === undefined || oldest === undefined)
    return { id: 'kubernetes', level: 'unknown', reason: 'strange', params }
  if (minor < oldest)
    return { id: 'kubernetes', level: 'error', reason: 'tooOld', params: { ...params, oldest: `1.${oldest}` } }
  return { id: 'kubernetes', level: 'ok', reason: 'fits', params }
}

/** Oldest Kubernetes minor for a version of Istio: that of the newest patch of the same minor that is known. */
function oldestFor(istio: string): number | undefined {
  const minor = minorOf(istio)
  return ISTIO_RELEASES.find(({ version }) => minorOf(version) === minor)?.kubernetes
}

function minorOf(version: string): number | undefined {
  const found = /^v?1\.(\d+)/.exec(version)
  return found === null ? undefined : Number(found[1])
}
