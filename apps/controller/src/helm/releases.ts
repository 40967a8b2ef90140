import { MESH_LABEL, type IstioChart, type KubeResource, type Mesh } from '@meshdeck/kube'
import { HelmError } from '@meshdeck/kube-client'
import type { Site } from '../installation/site.ts'

/** Label of a release: hash of chart, version and values that it was made from. */
export const INPUTS_LABEL = 'meshdeck.io/inputs'
/** Label of a release: which of Istio's charts it is of. */
export const CHART_LABEL = 'meshdeck.io/chart'

/** The newest revision of a release. Helm keeps each in a Secret. Source: https://helm.sh/docs/topics/advanced/#storage-backends */
export interface ReleaseRecord {
  name: string
  namespace: string
  chart: IstioChart
  revision: number
  /** `deployed`, `failed`, `pending-install`, `pending-upgrade`, … */
  status: string
  labels: Readonly<Record<string, string>>
  secret: string
  /** When this revision was written; RFC 3339. */
  since: string | undefined
}

/** The releases that Meshdeck has made for a mesh in a cluster. */
export async function ownReleases(site: Site, mesh: Mesh, signal: AbortSignal): Promise<ReleaseRecord[]> {
  const labelSelector = `owner=helm,${MESH_LABEL}=${mesh.metadata.name}`
  return newest((await site.client.listAll('Secret', { labelSelector, keep, signal })).items)
}

/** A release by its name, whoever made it. */
export async function findRelease(
  site: Site,
  namespace: string,
  name: string,
  signal: AbortSignal,
): Promise<ReleaseRecord | undefined> {
  const labelSelector = `owner=helm,name=${name}`
  return newest((await site.client.listAll('Secret', { namespace, labelSelector, keep, signal })).items).at(0)
}

export async function removeRelease(
  { helm }: Site,
  { name, namespace }: ReleaseRecord,
  signal: AbortSignal,
): Promise<void> {
  if (helm === undefined) throw new HelmError('Helm is not to be had here')
  await helm.program.uninstall(name, namespace, { kubeconfig: await helm.kubeconfig(), signal })
}

/** Without the release itself, which is large. */
const keep = ({ apiVersion, kind, metadata }: KubeResource): KubeResource => ({ apiVersion, kind, metadata })

function newest(secrets: readonly KubeResource[]): ReleaseRecord[] {
  const found = new Map<string, ReleaseRecord>()
  for (const { metadata } of secrets) {
    const { labels = {}, namespace = '', name: secret, creationTimestamp } = metadata
    const { name = '', version = '0', status = '' } = labels
    const record: ReleaseRecord = {
      name,
      namespace,
      // The boundary: only we write this label.
      chart: labels[CHART_LABEL] as IstioChart,
      revision: Number(version),
      status,
      labels,
      secret,
      since: creationTimestamp,
    }
    const key = `${namespace}/${name}`
    if ((found.get(key)?.revision ?? 0) < record.revision) found.set(key, record)
  }
  return [...found.values()]
}
