/** What `npm start` writes to the hub before it opens the console: two definitions, a namespace, a Cluster per context. */
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { FIELD_MANAGER, isRecord, MESHDECK_API_VERSION, MESHDECK_NAMESPACE, type KubeResource } from '@meshdeck/kube'
import {
  createResourceClient,
  KubeStatusError,
  STORED,
  type ClusterConnection,
  type ResourceClient,
} from '@meshdeck/kube-client'
import { parse } from 'yaml'
import { ROOT } from './steps.ts'

const CRD_PATH = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions'
const ESTABLISH_TIMEOUT_MS = 30_000
/** Owns the access by context and the Prometheus of the command line, and nothing else of a Cluster. */
const START_FIELD_MANAGER = 'meshdeck-start'

export interface ContextCluster {
  /** Name of the Cluster object. */
  name: string
  /** Name of the context in the kubeconfig. */
  context: string
  prometheusUrl?: string
}

/** Asks the hub for its version. Throws when it does not answer, or does not know the credential. */
export async function checkHub(hub: ClusterConnection): Promise<string> {
  const { body } = await hub.request<unknown>({ path: '/version' })
  // Anybody may ask for the version, so this is what tells a credential that has ended.
  await createResourceClient(hub, STORED).selfSubjectAccessReview({ verb: 'get', group: '', resource: 'namespaces' })
  return isRecord(body) && typeof body['gitVersion'] === 'string' ? body['gitVersion'] : 'unknown'
}

/** Applies all of it by server-side apply, so that it can be repeated; says what it does. */
export async function prepareHub(
  hub: ClusterConnection,
  clusters: readonly ContextCluster[],
  say: (line: string) => void,
  meshes: readonly KubeResource[] = [],
): Promise<void> {
  for (const file of globSync('deploy/crds/*.yaml', { cwd: ROOT }).toSorted()) {
    const definition: unknown = parse(readFileSync(join(ROOT, file), 'utf8'))
    const name =
      isRecord(definition) && isRecord(definition['metadata']) ? String(definition['metadata']['name']) : file
    say(`applying CustomResourceDefinition ${name} on the hub`)
    await hub.request({
      method: 'PATCH',
      path: `${CRD_PATH}/${name}`,
      query: { fieldManager: FIELD_MANAGER, force: true },
      body: definition,
      contentType: 'application/apply-patch+yaml',
    })
    await established(hub, name)
  }

  const client = createResourceClient(hub, STORED)
  say(`applying Namespace ${MESHDECK_NAMESPACE} on the hub`)
  await client.apply(
    'Namespace',
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: MESHDECK_NAMESPACE } },
    { fieldManager: FIELD_MANAGER },
  )
  for (const cluster of clusters) await applyCluster(client, cluster, say)
  for (const mesh of meshes) {
    say(`applying Mesh ${mesh.metadata.name} on the hub`)
    await client.apply('Mesh', mesh, { fieldManager: START_FIELD_MANAGER })
  }
}

async function applyCluster(
  client: ResourceClient,
  cluster: ContextCluster,
  say: (line: string) => void,
): Promise<void> {
  const { name, context, prometheusUrl } = cluster
  if (isReachedOtherwise(await existing(client, name))) {
    say(`leaving Cluster ${name} on the hub as it is: it is reached by another way than a context`)
    return
  }
  say(`applying Cluster ${name} (context ${context}) on the hub`)
  await client.apply(
    'Cluster',
    {
      apiVersion: MESHDECK_API_VERSION,
      kind: 'Cluster',
      metadata: { name },
      spec: {
        access: { kubeconfigContext: context },
        ...(prometheusUrl === undefined ? {} : { prometheus: { url: prometheusUrl } }),
      },
    },
    { fieldManager: START_FIELD_MANAGER, force: true },
  )
}

async function existing(client: ResourceClient, name: string): Promise<KubeResource | undefined> {
  try {
    return await client.get('Cluster', { name })
  } catch (error) {
    if (error instanceof KubeStatusError && error.httpStatus === 404) return undefined
    throw error
  }
}

function isReachedOtherwise(cluster: KubeResource | undefined): boolean {
  const access = isRecord(cluster?.spec) ? cluster.spec['access'] : undefined
  return isRecord(access) && access['kubeconfigContext'] === undefined
}

/** Waits until the API server serves a definition. Rejects after half a minute. */
async function established(hub: ClusterConnection, name: string): Promise<void> {
  for (let waited = 0; waited < ESTABLISH_TIMEOUT_MS; waited += 200) {
    const { body } = await hub.request<{ status?: { conditions?: { type: string; status: string }[] } }>({
      path: `${CRD_PATH}/${name}`,
    })
    if (body.status?.conditions?.some(({ type, status }) => type === 'Established' && status === 'True')) return
    await sleep(200)
  }
  throw new Error(
    `the hub does not serve ${name} after ${ESTABLISH_TIMEOUT_MS / 1000} s; kubectl describe crd ${name} says why`,
  )
}
