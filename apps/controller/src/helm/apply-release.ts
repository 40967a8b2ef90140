import { MESH_LABEL, type Mesh } from '@meshdeck/kube'
import { KubeStatusError, type ResourceClient } from '@meshdeck/kube-client'
import type { HelmRelease } from '@meshdeck/mesh'
import { addressPending, deploymentReadiness, needsAddress, type Readiness } from '../installation/readiness.ts'
import type { Site } from '../installation/site.ts'
import { getIfThere } from '../status/get-if-there.ts'
import { shortHash } from '../status/short-hash.ts'
import { HelmError } from './helm.ts'
import { CHART_LABEL, findRelease, INPUTS_LABEL, type ReleaseRecord } from './releases.ts'

/** A command that was broken off leaves its revision pending for ever; one of a person may still be at work. */
const STALE_MS = 30_000

/**
 * Makes a release what the mesh wants, and tells how far what it installs is. Helm runs only when something differs from
 * the last time. A release of somebody else is left alone and named.
 */
export async function applyRelease(
  site: Site,
  mesh: Mesh,
  release: HelmRelease,
  signal: AbortSignal,
): Promise<Readiness> {
  const what = `Helm release ${release.name}`
  const { helm, client } = site
  if (helm === undefined) return { status: 'False', reason: 'NoHelm', message: `${what}: Helm is not to be had here.` }
  const found = await findRelease(site, release.namespace, release.name, signal)
  if (found !== undefined && found.labels[MESH_LABEL] !== mesh.metadata.name) {
    const message = `${what} is there already and was not made by this mesh. Attach it as an external mesh, or uninstall it first (helm uninstall ${release.name} -n ${release.namespace}).`
    return { status: 'False', reason: 'BelongsToAnother', message }
  }
  if (found?.status.startsWith('pending-') === true) {
    const ageMs = Date.now() - Date.parse(found.since ?? '')
    if (ageMs < (helm.staleMs ?? STALE_MS)) {
      return {
        status: 'Unknown',
        reason: 'Pending',
        message: `${what} is being written by another process (${found.status}).`,
      }
    }
    await forgetRevision(client, found, signal)
  }
  const { charts } = mesh.spec.controlPlane
  const inputs = shortHash({ release, charts })
  if (found?.status !== 'deployed' || found.labels[INPUTS_LABEL] !== inputs) {
    const labels = { [MESH_LABEL]: mesh.metadata.name, [CHART_LABEL]: release.chart, [INPUTS_LABEL]: inputs }
    const options = { kubeconfig: await helm.kubeconfig(), signal, ...(charts === undefined ? {} : { charts }) }
    try {
      await helm.program.upgrade(release, labels, options)
    } catch (error) {
      if (!(error instanceof HelmError)) throw error
      return { status: 'False', reason: 'HelmFailed', message: `${what}: ${error.message}` }
    }
  }
  return workloadReadiness(site, release, what, signal)
}

/** Without the broken off revision Helm goes on from the one before, and adopts what is there already. */
async function forgetRevision(
  client: ResourceClient,
  { namespace, secret }: ReleaseRecord,
  signal: AbortSignal,
): Promise<void> {
  try {
    await client.delete('Secret', { namespace, name: secret }, { signal })
  } catch (error) {
    if (!(error instanceof KubeStatusError) || error.httpStatus !== 404) throw error
  }
}

/** What a release runs says whether it works. */
async function workloadReadiness(
  { client }: Site,
  { name, namespace, chart, values }: HelmRelease,
  what: string,
  signal: AbortSignal,
): Promise<Readiness> {
  if (chart === 'base' || values['profile'] === 'remote') {
    return { status: 'True', reason: 'Deployed', message: `${what} is deployed.` }
  }
  if (chart === 'cni' || chart === 'ztunnel') {
    const agent = { name: chart === 'cni' ? 'istio-cni-node' : name, namespace }
    const set = await getIfThere(client, 'DaemonSet', agent, signal)
    const { desiredNumberScheduled = 0, numberAvailable = 0 } = (set?.['status'] ?? {}) as Record<string, number>
    return desiredNumberScheduled > 0 && numberAvailable >= desiredNumberScheduled
      ? { status: 'True', reason: 'Ready', message: `${what} runs on ${desiredNumberScheduled} nodes.` }
      : {
          status: 'Unknown',
          reason: 'Starting',
          message: `${what} runs on ${numberAvailable} of ${desiredNumberScheduled} nodes.`,
        }
  }
  const deployment = await getIfThere(client, 'Deployment', { name, namespace }, signal)
  if (deployment === undefined) {
    const cure = `helm rollback ${name} -n ${namespace}, or change the mesh`
    return {
      status: 'False',
      reason: 'WorkloadMissing',
      message: `${what} is deployed, but its Deployment is gone: ${cure}.`,
    }
  }
  const runs = deploymentReadiness(what, deployment)
  if (chart !== 'gateway' || runs.status !== 'True') return runs
  const service = await getIfThere(client, 'Service', { name, namespace }, signal)
  return service !== undefined && needsAddress(service) ? addressPending(what) : runs
}
