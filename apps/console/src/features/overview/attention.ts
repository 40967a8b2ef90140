import type { FindingPage, MeshCertificate, MeshOverview } from '@meshdeck/contract'
import type { KindId } from '@meshdeck/kube'
import { places, type Place } from '../../lib/places.ts'

/** Warned of so long before a certificate ends. */
export const CERTIFICATE_WARNING_DAYS = 30
const DAY_MS = 86_400_000

/** Something that somebody should look at; `key` is an i18n key below `attention.items`. */
export interface AttentionItem {
  key: string
  tone: 'error' | 'warning' | 'info'
  values: Record<string, string | number>
  place: Place
}

export interface AttentionInput {
  overview: MeshOverview
  findings: FindingPage['counts'] | undefined
  /** Namespaces with workloads that wait for a restart. */
  pending: number | undefined
  certificates: readonly MeshCertificate[]
  now: number
}

/** What needs attention in a mesh, the worst first, each with the page where it is. Pure. */
export function attentionOf({ overview, findings, pending, certificates, now }: AttentionInput): AttentionItem[] {
  const { mesh, components } = overview
  const { name, counters } = mesh
  const lost = mesh.clusters.filter(({ state }) => state === 'lost').map((cluster) => cluster.name)
  const outdated = outdatedPods(overview)
  const unhealthy = counters.services === undefined ? 0 : counters.services.total - counters.services.healthy
  const items: (AttentionItem | false)[] = [
    (mesh.phase === 'Failed' || mesh.phase === 'Degraded') && {
      key: `phase.${mesh.phase}`,
      tone: 'error',
      values: {},
      place: places.meshClusters(name),
    },
    lost.length > 0 && {
      key: 'lost',
      tone: 'error',
      values: { count: lost.length, clusters: lost.join(', ') },
      place: places.meshClusters(name),
    },
    ...components
      .filter(({ ready, replicas }) => ready < replicas || replicas === 0)
      .map(({ cluster, kind, namespace, name: component, ready, replicas }): AttentionItem => ({
        key: 'component',
        tone: ready === 0 ? 'error' : 'warning',
        values: { name: component, cluster, ready, replicas },
        place: places.object(name, { kind: workloadKind(kind), cluster, namespace, name: component }),
      })),
    ...certificates.flatMap((certificate): AttentionItem[] => {
      const days = Math.floor((Date.parse(certificate.notAfter) - now) / DAY_MS)
      if (days >= CERTIFICATE_WARNING_DAYS) return []
      const { cluster, what } = certificate
      return [
        {
          key: `certificate.${days < 0 ? 'ended' : 'ends'}.${what}`,
          tone: days < 0 ? 'error' : 'warning',
          values: { count: Math.max(0, days), where: cluster ?? name },
          place: cluster === undefined ? places.editMesh(name) : places.cluster(cluster),
        },
      ]
    }),
    findings !== undefined &&
      findings.error > 0 && {
        key: 'findings.error',
        tone: 'error',
        values: { count: findings.error },
        place: places.findings(name, { levels: 'error' }),
      },
    findings !== undefined &&
      findings.warning > 0 && {
        key: 'findings.warning',
        tone: 'warning',
        values: { count: findings.warning },
        place: places.findings(name, { levels: 'warning' }),
      },
    unhealthy > 0 && {
      key: 'services',
      tone: 'warning',
      values: { count: unhealthy },
      place: { ...places.services(name), search: { statuses: 'warning,error' } },
    },
    pending !== undefined &&
      pending > 0 && {
        key: 'pending',
        tone: 'warning',
        values: { count: pending },
        place: { ...places.sidecarNamespaces(name), search: { pending: 'true' } },
      },
    outdated > 0 && {
      key: 'outdated',
      tone: 'warning',
      values: { count: outdated, version: bare(mesh.version) },
      place: { ...places.sidecarWorkloads(name), search: { outdated: 'true' } },
    },
    mesh.upgrade !== undefined && {
      key: 'upgrade',
      tone: 'info',
      values: { version: mesh.upgrade },
      place: places.editMesh(name),
    },
    mesh.protected && { key: 'protected', tone: 'info', values: {}, place: places.editMesh(name) },
  ]
  const rank = { error: 0, warning: 1, info: 2 }
  return items.filter((item) => item !== false).toSorted((a, b) => rank[a.tone] - rank[b.tone])
}

/** Pods whose proxy is not of the mesh's version; none while that is not known. */
function outdatedPods({ mesh }: MeshOverview): number {
  const wanted = bare(mesh.version)
  if (wanted === '') return 0
  return (mesh.counters.proxyVersions ?? [])
    .filter(({ version }) => bare(version) !== wanted)
    .reduce((sum, { pods }) => sum + pods, 0)
}

/** `1.30.3`, however an image or a mesh writes it. */
const bare = (version: string | undefined): string => /\d+\.\d+\.\d+/.exec(version ?? '')?.[0] ?? ''

const workloadKind = (kind: string): KindId => (kind === 'DaemonSet' || kind === 'StatefulSet' ? kind : 'Deployment')
