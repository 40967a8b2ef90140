/** The two that must agree: the lab's first cluster, which is real, and a sandbox with the same definitions in it. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { execFile } from 'node:child_process'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createConnection, parseKubeconfig } from '@meshdeck/kube-client'
import type { ClusterConnection } from '@meshdeck/kube-client'
import { labState } from '@meshdeck/lab'
import { KUBERNETES_VERSION, Sandbox, gatewayApiCrds, istioCrds, kubeconfigOf, nodeObjects } from '@meshdeck/sandbox'
import type { KubeObject } from '@meshdeck/sandbox'

export interface Target {
  readonly name: 'lab' | 'sandbox'
  readonly connection: ClusterConnection
  /** Runs kubectl; never rejects. */
  kubectl(
    args: readonly string[],
    input?: string,
    variables?: Readonly<Record<string, string>>,
  ): Promise<KubectlOutcome>
}

export interface KubectlOutcome {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

export interface Targets {
  readonly lab: Target
  readonly sandbox: Target
  readonly close: () => Promise<void>
}

/** What istiod is asked by in the lab; the sandbox asks its own under the same selectors. */
const WEBHOOKS = ['mutatingwebhookconfigurations', 'validatingwebhookconfigurations']

export async function openTargets(): Promise<Targets> {
  const state = await labState()
  const [cluster] = state.clusters
  if (cluster === undefined) throw new Error('the lab has no cluster')
  const dir = await mkdtemp(join(tmpdir(), 'meshdeck-conformance-'))
  const lab = await open('lab', state.bin.kubectl, await readFile(cluster.kubeconfig, 'utf8'), dir)

  const errors: unknown[] = []
  const sandbox = await Sandbox.start({
    onError: (error) => errors.push(error),
    fleet: {
      name: 'conformance',
      hub: 'alpha',
      people: [],
      clusters: [
        {
          name: 'alpha',
          version: KUBERNETES_VERSION,
          objects: [
            ...istioCrds(),
            ...gatewayApiCrds(),
            ...nodeObjects('alpha', 'alpha-region', 3, KUBERNETES_VERSION),
            ...(await Promise.all(WEBHOOKS.map((plural) => istioObjects(lab.connection, plural)))).flat(),
          ],
        },
      ],
    },
  })
  const access = await sandbox.cluster('alpha').ownerAccess()
  const simulated = await open('sandbox', state.bin.kubectl, kubeconfigOf([access]), dir)
  return {
    lab,
    sandbox: simulated,
    close: async () => {
      await lab.connection.close()
      await simulated.connection.close()
      await sandbox.stop()
      await rm(dir, { recursive: true })
      if (errors.length > 0) throw new AggregateError(errors, 'the sandbox met what it had not thought of')
    },
  }
}

async function open(name: Target['name'], program: string, kubeconfig: string, dir: string): Promise<Target> {
  const path = join(dir, `${name}.kubeconfig`)
  await writeFile(path, kubeconfig, { mode: 0o600 })
  return {
    name,
    connection: createConnection(parseKubeconfig(kubeconfig, { source: 'file', directory: dir }), { name }),
    kubectl: (args, input = '', variables = {}) =>
      new Promise((resolve) => {
        const env = { ...process.env, ...variables, KUBECACHEDIR: join(dir, `${name}-cache`), TZ: 'UTC' }
        const child = execFile(
          program,
          ['--kubeconfig', path, ...args],
          { env, timeout: 60_000 },
          (error, stdout, stderr) => {
            resolve({ code: typeof error?.code === 'number' ? error.code : error === null ? 0 : 1, stdout, stderr })
          },
        )
        child.stdin?.on('error', () => undefined)
        child.stdin?.end(input)
      }),
  }
}

async function istioObjects(connection: ClusterConnection, plural: string): Promise<KubeObject[]> {
  const { body } = await connection.request<{ items: KubeObject[] }>({
    path: `/apis/admissionregistration.k8s.io/v1/${plural}`,
  })
  const kind = plural.startsWith('mutating') ? 'MutatingWebhookConfiguration' : 'ValidatingWebhookConfiguration'
  return body.items
    .filter((item) => item.metadata.name.startsWith('istio'))
    .map((item) => ({
      ...item,
      apiVersion: 'admissionregistration.k8s.io/v1',
      kind,
      metadata: { name: item.metadata.name, ...(item.metadata.labels ? { labels: item.metadata.labels } : {}) },
    }))
}
