import { fleetNamed } from '@meshdeck/sandbox'
import { expect } from 'vitest'
import type { BffApp } from '../app.ts'
import { clusterRecord, LOCAL, meshRecord } from './bff.ts'
import { startSandboxHub, type SandboxHub } from './sandbox-hub.ts'

const SHOPPER = 'shopper@example.com'
const RBAC = { apiVersion: 'rbac.authorization.k8s.io/v1' }

type HubClient = ReturnType<SandboxHub['client']>

export interface ShopFleet {
  fleet: SandboxHub
  app: BffApp
  /** Headers of somebody who may look into one namespace (`backend`) of one cluster (east-2) only. */
  shopper: () => Record<string, string>
  /** Fails where the fleet has met an error. */
  close(): Promise<void>
}

/**
 * The demo's fleet with its Prometheus servers, and two meshes: `shop` of east-1 and east-2, `billing` of west-1. For tests.
 * `prepare` writes to the hub what is to be there from the start.
 */
export async function startShopFleet(prepare?: (hub: HubClient) => Promise<void>): Promise<ShopFleet> {
  const errors: unknown[] = []
  const demo = fleetNamed('demo', 1)
  const fleet = await startSandboxHub(
    { ...demo, people: [...demo.people, { id: 'shopper', username: SHOPPER, groups: [] }] },
    (error) => errors.push(error),
  )
  const hub = fleet.client('hub')
  for (const name of ['east-1', 'east-2', 'west-1']) {
    const record = clusterRecord(name)
    const url = fleet.sandbox.prometheus.get(name)?.url
    await hub.create('Cluster', { ...record, spec: { ...record.spec, ...(url ? { prometheus: { url } } : {}) } })
  }
  await hub.create('Mesh', meshRecord('shop', ['east-1', 'east-2'], { links: { grafana: 'https://grafana.example/' } }))
  await hub.create('Mesh', meshRecord('billing', ['west-1']))
  await prepare?.(hub)
  fleet.sandbox.cluster('hub').cluster.create('rbac.authorization.k8s.io/clusterroles', {
    ...RBAC,
    kind: 'ClusterRole',
    metadata: { name: 'look-at-meshes' },
    rules: [{ apiGroups: ['meshdeck.io'], resources: ['*'], verbs: ['get', 'list', 'watch'] }],
  })
  fleet.sandbox.cluster('hub').cluster.create('rbac.authorization.k8s.io/clusterrolebindings', {
    ...RBAC,
    kind: 'ClusterRoleBinding',
    metadata: { name: 'look-at-meshes' },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'look-at-meshes' },
    subjects: [{ kind: 'User', name: SHOPPER, apiGroup: 'rbac.authorization.k8s.io' }],
  })
  fleet.sandbox.cluster('east-2').cluster.create('rbac.authorization.k8s.io/rolebindings', {
    ...RBAC,
    kind: 'RoleBinding',
    metadata: { name: 'shopper', namespace: 'backend' },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'admin' },
    subjects: [{ kind: 'User', name: SHOPPER, apiGroup: 'rbac.authorization.k8s.io' }],
  })
  return {
    fleet,
    app: await fleet.start({ modes: ['local', 'bearer'] }),
    shopper: () => ({ ...LOCAL, authorization: `Bearer ${fleet.sandbox.cluster('hub').token('shopper')}` }),
    async close() {
      await fleet.close()
      expect(errors).toEqual([])
    },
  }
}
