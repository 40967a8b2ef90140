import type { KindSchema } from '@meshdeck/contract'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { BffApp } from '../../../app.ts'
import { clusterRecord, LOCAL } from '../../../testing/bff.ts'
import { startSandboxHub, type SandboxHub } from '../../../testing/sandbox-hub.ts'

let fleet: SandboxHub
let app: BffApp

beforeAll(async () => {
  fleet = await startSandboxHub('demo')
  await fleet.client('hub').create('Cluster', clusterRecord('east', 'east-1'))
  app = await fleet.start()
})
afterAll(async () => {
  await fleet.close()
})

const ask = (kind: string, cluster = 'east') =>
  app.inject({ url: `/api/v1/clusters/${cluster}/schemas/${kind}`, headers: LOCAL })

describe('schemas of kinds', () => {
  it('are those of the cluster: Istio’s, Kubernetes’ own, and ours on the hub', async () => {
    const rule = await ask('destination-rules')
    expect(rule.statusCode, rule.body).toBe(200)
    expect(rule.json<KindSchema>().schema).toMatchObject({
      properties: {
        apiVersion: { type: 'string' },
        kind: { type: 'string' },
        spec: {
          properties: {
            host: { type: 'string' },
            trafficPolicy: {
              properties: { tls: { properties: { mode: { enum: expect.arrayContaining(['SIMPLE']) } } } },
            },
            subsets: { type: 'array', items: { required: ['name'] } },
          },
        },
      },
    })
    expect((await ask('services')).json<KindSchema>().schema).toMatchObject({
      properties: { spec: { properties: { ports: { items: { properties: { appProtocol: { type: 'string' } } } } } } },
    })
    expect((await ask('meshes', '-hub')).json<KindSchema>().schema).toMatchObject({
      properties: { spec: { properties: { mode: { enum: expect.arrayContaining(['Managed']) } } } },
    })
  })

  it('are of clusters that are known, and of kinds that are written', async () => {
    expect((await ask('services', 'nobody')).statusCode).toBe(404)
    expect((await ask('pods')).statusCode).toBe(404)
  })
})
