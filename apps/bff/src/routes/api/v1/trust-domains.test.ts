import type { TrustDomains } from '@meshdeck/contract'
import { expect, it } from 'vitest'
import { clusterRecord, LOCAL, meshRecord } from '../../../testing/bff.ts'
import { startSandboxHub } from '../../../testing/sandbox-hub.ts'

it('says what each cluster calls its callers, and leaves out what it cannot read', { timeout: 60_000 }, async () => {
  const fleet = await startSandboxHub('empty')
  try {
    for (const name of ['hub', 'east-1', 'west-1']) await fleet.client('hub').create('Cluster', clusterRecord(name))
    await fleet.client('hub').create('Mesh', meshRecord('shop', ['east-1', 'hub', 'west-1']))
    const settings = { 'east-1': { trustDomain: 'corp', trustDomainAliases: ['old'] }, hub: {} }
    for (const [cluster, mesh] of Object.entries(settings)) {
      const client = fleet.client(cluster)
      await client.create('Namespace', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'istio-system' } })
      await client.create('ConfigMap', {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { name: 'istio', namespace: 'istio-system' },
        data: { mesh: JSON.stringify(mesh) },
      })
    }
    const app = await fleet.start()
    const answer = await app.inject({ url: '/api/v1/meshes/shop/trust-domains', headers: LOCAL })
    expect(answer.json<TrustDomains>()).toEqual({
      items: [
        { cluster: 'east-1', trustDomain: 'corp', aliases: ['old'] },
        { cluster: 'hub', trustDomain: 'cluster.local', aliases: [] },
      ],
    })
  } finally {
    await fleet.close()
  }
})
