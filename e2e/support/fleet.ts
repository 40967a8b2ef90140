/** What the journeys find on the hub beside the hub cluster itself: the second cluster, and a mesh over both. */
import { readFile } from 'node:fs/promises'
import { testbed } from '../testbed/testbed.ts'
import { kubectl, kubectlApply } from './kubectl.ts'

/** The testbed's second cluster, as it is named on the hub. Brought in by a Secret, as joining in the console does it. */
export const SECOND = 'stock'
/** The context of the testbed that `SECOND` stands for. */
export const SECOND_CONTEXT = 'beta'
/** An External mesh over the hub cluster and `SECOND`. */
export const MESH = 'retail'
/** The testbed's first cluster: hub, and member of `MESH`. */
export const HUB_CLUSTER = 'alpha'

/** Writes the records by kubectl and waits until the controller has found the mesh running. */
export async function prepareFleet(): Promise<void> {
  const second = (await testbed()).clusters.find(({ name }) => name === SECOND_CONTEXT)
  if (!second) throw new Error(`the testbed has no cluster ${SECOND_CONTEXT}`)
  const kubeconfig = await readFile(second.kubeconfig, 'utf8')
  const secret = {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: `cluster-${SECOND}`, namespace: 'meshdeck-system' },
    stringData: { kubeconfig },
  }
  const cluster = {
    apiVersion: 'meshdeck.io/v1alpha1',
    kind: 'Cluster',
    metadata: { name: SECOND },
    spec: {
      displayName: 'Stock, east',
      access: { secretRef: { name: `cluster-${SECOND}` } },
      prometheus: { url: second.prometheusUrl },
    },
  }
  const mesh = {
    apiVersion: 'meshdeck.io/v1alpha1',
    kind: 'Mesh',
    metadata: { name: MESH },
    spec: {
      mode: 'External',
      controlPlane: { cluster: HUB_CLUSTER, namespace: 'istio-system' },
      members: [{ cluster: SECOND }],
    },
  }
  for (const object of [secret, cluster, mesh]) await kubectlApply(JSON.stringify(object))
  await kubectl(['wait', `mesh.meshdeck.io/${MESH}`, '--for=jsonpath={.status.phase}=Running', '--timeout=60s'])
}

/** Removes what `prepareFleet` wrote. */
export async function removeFleet(): Promise<void> {
  await kubectl(['delete', '--ignore-not-found', `mesh.meshdeck.io/${MESH}`, `cluster.meshdeck.io/${SECOND}`])
  await kubectl(['delete', '--ignore-not-found', '-n', 'meshdeck-system', 'secret', `cluster-${SECOND}`])
}
