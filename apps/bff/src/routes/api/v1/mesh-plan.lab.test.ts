/** What the plan says of real charts, by real Helm, on a real API server that has no Istio yet. */
import { mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { MeshPlan, Problem } from '@meshdeck/contract'
import type { Mesh } from '@meshdeck/kube'
import {
  createConnection,
  createResourceClient,
  parseKubeconfig,
  STORED,
  type ClusterConnection,
} from '@meshdeck/kube-client'
import { labDown, labUp, type LabState } from '@meshdeck/lab'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { parse } from 'yaml'
import { buildApp, type BffApp } from '../../../app.ts'
import { clusterRecord, CSRF, LOCAL, meshRecord } from '../../../testing/bff.ts'
import { REFUSED_MESHES, TAKEN_MESHES } from '../../../testing/refused-meshes.ts'

const CRDS = join(import.meta.dirname, '../../../../../../deploy/crds')

let lab: LabState
let app: BffApp
let connection: ClusterConnection

beforeAll(async () => {
  lab = await labUp({ dir: mkdtempSync(join(tmpdir(), 'meshdeck-plan-')), clusters: ['east'], bare: true })
  const text = readFileSync(lab.kubeconfig, 'utf8')
  const spec = parseKubeconfig(text, { source: 'file', context: 'east' })
  connection = createConnection(spec, { name: 'east' })
  for (const file of ['meshdeck.io_clusters.yaml', 'meshdeck.io_meshes.yaml']) {
    const body: unknown = parse(readFileSync(join(CRDS, file), 'utf8'))
    await connection.request({ method: 'POST', path: '/apis/apiextensions.k8s.io/v1/customresourcedefinitions', body })
  }
  const hub = createResourceClient(connection, STORED)
  await vi.waitFor(() => hub.create('Cluster', clusterRecord('east')), { timeout: 30_000, interval: 200 })
  app = await buildApp({
    hub: { ...spec, allowLoopback: true },
    kubeconfig: { text, directory: '/' },
    host: '127.0.0.1',
    modes: ['local', 'bearer'],
    basePath: '',
    helm: { program: lab.bin.helm, charts: lab.bin.charts },
  })
  await app.ready()
}, 900_000)
afterAll(async () => {
  await app.close()
  await connection.close()
  await labDown({ dir: lab.dir })
})

const made = (): Mesh =>
  meshRecord('shop', ['east'], {
    mode: 'Dedicated',
    engine: 'Helm',
    controlPlane: { cluster: 'east', version: lab.clusters[0]?.istio.version ?? '' },
  })
const plan = (mesh: Mesh, headers: Record<string, string> = LOCAL) =>
  app.inject({ method: 'POST', url: '/api/v1/meshes/-plan', headers: { ...headers, ...CSRF }, payload: mesh })

describe('the plan of a mesh by real Helm', () => {
  it('has every object of Istio’s charts, each judged by the API server, and writes nothing', async () => {
    const answer = await plan(made())
    expect(answer.statusCode, answer.body).toBe(200)
    const { releases } = answer.json<MeshPlan>()
    expect(releases.map(({ name, refusal, problem }) => [name, refusal, problem])).toEqual([
      ['istio-base', undefined, undefined],
      ['istiod', undefined, undefined],
    ])
    const [base, istiod] = releases
    const kinds = base?.objects.map(({ kind, name }) => `${kind} ${name}`)
    expect(kinds).toContain('CustomResourceDefinition virtualservices.networking.istio.io')
    const outcomes = Object.fromEntries(istiod?.objects.map(({ kind, outcome }) => [kind, outcome]) ?? [])
    // The namespace comes before the release; what is in none can be made at once.
    expect(outcomes).toMatchObject({
      Deployment: 'later',
      ClusterRole: 'create',
      MutatingWebhookConfiguration: 'create',
    })
    expect(istiod?.objects.filter(({ outcome }) => outcome === 'refused')).toEqual([])
    await expect(
      connection.request({ path: '/apis/rbac.authorization.k8s.io/v1/clusterroles/istiod-clusterrole-istio-system' }),
    ).rejects.toMatchObject({ httpStatus: 404 })
  })

  it('is made with the rights of who asks', async () => {
    const tokens: Record<string, string> = JSON.parse(readFileSync(join(lab.dir, 'tokens.json'), 'utf8'))
    const answer = await plan(made(), { ...LOCAL, authorization: `Bearer ${tokens['viewer']}` })
    expect(answer.statusCode, answer.body).toBe(403)
    expect(answer.json<Problem>().missing).toMatchObject({ verb: 'create', resource: 'meshes' })
  })
})

describe('the hub’s own schema, by a real API server', () => {
  const tryToCreate = (mesh: Mesh) =>
    app.inject({
      method: 'POST',
      url: '/api/v1/clusters/-hub/resources/meshes?dryRun=All',
      headers: { ...LOCAL, ...CSRF },
      payload: mesh,
    })

  it.each(REFUSED_MESHES)('%s: %s', async (field, words, mesh) => {
    const answer = await tryToCreate(mesh)
    expect(answer.statusCode, answer.body).toBe(422)
    const { fields = [] } = answer.json<Problem>()
    expect(fields.map((each) => each.field)).toContain(field)
    expect(fields.find((each) => each.field === field)?.message).toContain(words)
  })

  it.each(TAKEN_MESHES.map((mesh) => [JSON.stringify(mesh.spec.traffic), mesh] as const))(
    'takes %s',
    async (_, mesh) => {
      const answer = await tryToCreate(mesh)
      expect(answer.statusCode, answer.body).toBe(201)
    },
  )
})
