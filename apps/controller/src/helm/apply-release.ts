import { MESH_LABEL, type HelmRelease, type Mesh } from '@meshdeck/kube'
import { KubeStatusError, readHelmRelease, type ResourceClient, HelmError } from '@meshdeck/kube-client'
import { isSame } from '@meshdeck/mesh'
import { addressPending, deploymentReadiness, needsAddress, type Readiness } from '../installation/readiness.ts'
import type { Site } from '../installation/site.ts'
import { getIfThere } from '../status/get-if-there.ts'
import { shortHash } from '../status/short-hash.ts'
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
  const owner = found?.labels[MESH_LABEL]
  const isAdopted = found !== undefined && owner === undefined && hasConsent(mesh, release)
  if (found !== undefined && owner !== mesh.metadata.name && !isAdopted) {
    const message = `${what} is there already and was not made by this mesh. Attach it as an external mesh, take it over, or uninstall it first (helm uninstall ${release.name} -n ${release.namespace}).`
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
  const labels = { [MESH_LABEL]: mesh.metadata.name, [CHART_LABEL]: release.chart, [INPUTS_LABEL]: inputs }
  if (isAdopted && (await isAsWanted(client, mesh, found, release, signal))) {
    // Nothing is to be installed: the release only learns whose it is.
    await client.patch(
      'Secret',
      { namespace: found.namespace, name: found.secret },
      { metadata: { labels } },
      { strategy: 'merge', signal },
    )
  } else if (found?.status !== 'deployed' || found.labels[INPUTS_LABEL] !== inputs) {
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

/** Whether the mesh says that it takes this release over. */
function hasConsent(mesh: Mesh, { name, namespace, chart }: HelmRelease): boolean {
  return (mesh.spec.adopted?.releases ?? []).some(
    (each) => each.name === name && each.namespace === namespace && each.chart === chart,
  )
}

/** Whether a release that is taken over has been installed with the version and the values that the mesh says. */
async function isAsWanted(
  client: ResourceClient,
  mesh: Mesh,
  { namespace, secret, status }: ReleaseRecord,
  { values, version }: HelmRelease,
  signal: AbortSignal,
): Promise<boolean> {
  if (status !== 'deployed' || mesh.spec.adopted?.version?.replace(/^v/, '') !== version) return false
  const there = await getIfThere(client, 'Secret', { namespace, name: secret }, signal)
  const content = there && readHelmRelease(there)
  return content !== undefined && isSame(content.values, values)
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
    const agent = { name: agentName({ name, chart, values }), namespace }
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
  const workload = { name: deploymentName({ name, chart, values }), namespace }
  const deployment = await getIfThere(client, 'Deployment', workload, signal)
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
  const service = await getIfThere(client, 'Service', workload, signal)
  return service !== undefined && needsAddress(service) ? addressPending(what) : runs
}

type Named = Pick<HelmRelease, 'name' | 'chart' | 'values'>

/** What Istio's charts call their workloads, whatever the release is called. */
function deploymentName({ name, chart, values }: Named): string {
  if (chart === 'gateway') return textOr(values['name'], name)
  const revision = textOr(values['revision'], '')
  return revision === '' || revision === 'default' ? 'istiod' : `istiod-${revision}`
}

function agentName({ chart, values }: Named): string {
  return chart === 'cni' ? 'istio-cni-node' : textOr(values['resourceName'], 'ztunnel')
}

const textOr = (value: unknown, other: string): string => (typeof value === 'string' && value !== '' ? value : other)
