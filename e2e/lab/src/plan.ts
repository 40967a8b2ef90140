import { join } from 'node:path'
import { graphFor } from './graphs/index.ts'
import { labPaths } from './layout.ts'
import type { ResolvedOptions } from './options.ts'
import { PEOPLE, PERSON_NAMES } from './people.ts'
import type { PersonName } from './people.ts'
import { createPortPicker } from './ports.ts'
import { CLUSTER_PORT_NAMES } from './state.ts'
import type { ClusterPorts, ClusterState, LabState, UserState } from './state.ts'
import type { PrometheusPrograms } from './prometheus-package.ts'
import { ISTIO_VERSION } from './versions.ts'

/** Decides all of a new lab before anything is started: names, ports, addresses, paths. */
export async function planLab(
  dir: string,
  { clusters: clusterNames, bare }: Pick<ResolvedOptions, 'clusters' | 'bare'>,
  bin: string,
  prometheus: PrometheusPrograms,
): Promise<LabState> {
  const paths = labPaths(dir)
  const pick = createPortPicker(dir)
  const etcd = { clientPort: await pick(), peerPort: await pick() }
  const networkPort = await pick()
  const clusters: ClusterState[] = []
  for (const [index, name] of clusterNames.entries()) clusters.push(await planCluster(dir, name, index, pick))
  const users = PERSON_NAMES.map((name): [PersonName, UserState] => [
    name,
    { ...PEOPLE[name], kubeconfig: paths.userKubeconfig(name) },
  ])
  return {
    version: 1,
    phase: 'starting',
    dir,
    bare,
    startedAt: new Date().toISOString(),
    kubeconfig: paths.kubeconfig,
    tokens: paths.tokens,
    users: Object.fromEntries(users) as Record<PersonName, UserState>,
    expiredKubeconfig: paths.expiredKubeconfig,
    bin: {
      kubectl: join(bin, 'kubectl'),
      istioctl: join(bin, 'istioctl'),
      ...prometheus,
      kube: join(bin, 'kube'),
      kwok: join(bin, 'kwok'),
      istio: join(bin, 'istio'),
      helm: join(bin, 'helm'),
      crds: join(bin, 'crds'),
      charts: join(bin, 'charts'),
    },
    etcd,
    networkPort,
    clusters,
    processes: [],
  }
}

async function planCluster(
  dir: string,
  name: string,
  index: number,
  pick: () => Promise<number>,
): Promise<ClusterState> {
  const ports: Record<string, number> = {}
  for (const use of CLUSTER_PORT_NAMES) ports[use] = await pick()
  const known = ports as ClusterPorts
  const local = (port: number): string => `http://127.0.0.1:${port}`
  return {
    name,
    context: name,
    apiUrl: `https://127.0.0.1:${known.apiserver}`,
    prometheusUrl: local(known.prometheus),
    istiodDebugUrl: local(known.istiodHttp),
    istiodMetricsUrl: `${local(known.istiodMonitoring)}/metrics`,
    generatorUrl: `${local(known.generator)}/metrics`,
    kubeconfig: labPaths(dir).clusterKubeconfig(name),
    nodeCount: index === 0 ? 3 : 2,
    graph: graphFor(index),
    istio: { version: ISTIO_VERSION, revision: 'default', namespace: 'istio-system' },
    ports: known,
  }
}
