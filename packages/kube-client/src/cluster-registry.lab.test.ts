import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { labState, type LabState } from '@meshdeck/lab'
import { MESHDECK_API_VERSION, MESHDECK_NAMESPACE, type KubeResource } from '@meshdeck/kube'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createClusterRegistry, type ClusterRegistry } from './cluster-registry.ts'
import { createConnection, type ClusterConnection } from './connection.ts'
import { parseKubeconfig } from './kubeconfig.ts'
import { createResourceClient, type ResourceClient } from './resource-client.ts'

const REPOSITORY = join(import.meta.dirname, '../../..')

let lab: LabState
let hub: ClusterConnection
let client: ResourceClient
let registry: ClusterRegistry

const cluster = (name: string, access: Record<string, unknown>): KubeResource => ({
  apiVersion: MESHDECK_API_VERSION,
  kind: 'Cluster',
  metadata: { name },
  spec: { access },
})

/** Resolves when the registry tells of a cluster. */
const told = (name: string) =>
  new Promise<void>((resolve) => {
    const stop = registry.onChange((changed) => {
      if (changed !== name) return
      stop()
      resolve()
    })
  })

const kubectl = (...args: string[]) =>
  execFileSync(lab.bin.kubectl, ['--kubeconfig', lab.kubeconfig, '--context', 'alpha', ...args], { encoding: 'utf8' })

beforeAll(async () => {
  lab = await labState()
  kubectl('apply', '--server-side', '-f', join(REPOSITORY, 'deploy/crds'))
  kubectl('wait', '--for=condition=Established', 'crd/clusters.meshdeck.io', 'crd/meshes.meshdeck.io', '--timeout=30s')
  const text = readFileSync(lab.kubeconfig, 'utf8')
  hub = createConnection(parseKubeconfig(text, { source: 'file' }))
  client = createResourceClient(hub, { kind: 'stored' })
  await client.apply(
    'Namespace',
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: MESHDECK_NAMESPACE } },
    { fieldManager: 'test' },
  )
  registry = createClusterRegistry({ hub, kubeconfig: { text, directory: lab.dir }, allowLoopback: true })
  await registry.clusters.settled
})

afterAll(async () => {
  await registry.close()
  await Promise.allSettled([
    client.delete('Cluster', { name: 'registry-context' }),
    client.delete('Cluster', { name: 'registry-secret' }),
    client.delete('Cluster', { name: 'registry-broken' }),
    client.delete('Secret', { namespace: MESHDECK_NAMESPACE, name: 'registry-secret' }),
  ])
  await hub.close()
})

describe('cluster registry on a real hub', () => {
  it('connects to a context of the kubeconfig it was started with', async () => {
    const heard = told('registry-context')
    await client.create('Cluster', cluster('registry-context', { kubeconfigContext: 'beta' }))
    await heard
    const connection = await registry.connection('registry-context')
    expect(connection?.server).toBe(lab.clusters.find(({ name }) => name === 'beta')?.apiUrl)
  })

  it('connects by the kubeconfig in a Secret, and says when it is missing', async () => {
    const heard = told('registry-secret')
    await client.create('Cluster', cluster('registry-secret', { secretRef: { name: 'registry-secret' } }))
    await heard
    await expect(registry.connection('registry-secret')).rejects.toMatchObject({ code: 'secret-missing' })

    const beta = lab.clusters.find(({ name }) => name === 'beta')
    const kubeconfig = Buffer.from(readFileSync(beta?.kubeconfig ?? '', 'utf8')).toString('base64')
    await client.create('Secret', {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'registry-secret', namespace: MESHDECK_NAMESPACE },
      data: { kubeconfig },
    })
    const connection = await registry.connection('registry-secret')
    const { body } = (await connection?.request<{ gitVersion: string }>({ path: '/version' })) ?? {
      body: { gitVersion: '' },
    }
    expect(body.gitVersion).toMatch(/^v1\./)
  })

  it('names the context that it does not have', async () => {
    const heard = told('registry-broken')
    await client.create('Cluster', cluster('registry-broken', { kubeconfigContext: 'nowhere' }))
    await heard
    await expect(registry.connection('registry-broken')).rejects.toThrow('nowhere')
  })

  it('knows nothing of clusters that the hub does not know', async () => {
    await expect(registry.connection('never-joined')).resolves.toBeUndefined()
  })

  it('is held by the schema to one way of access', async () => {
    const two = cluster('registry-two', { kubeconfigContext: 'a', secretRef: { name: 'b' } })
    await expect(client.create('Cluster', two, { dryRun: true })).rejects.toThrow(/access/)
  })
})
