import { chmod, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { MeshPlan, Problem } from '@meshdeck/contract'
import type { Mesh } from '@meshdeck/kube'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { BffApp } from '../../../app.ts'
import { clusterRecord, CSRF, LOCAL, meshRecord } from '../../../testing/bff.ts'
import { startSandboxHub, type SandboxHub } from '../../../testing/sandbox-hub.ts'

let folder: string
let fleet: SandboxHub
let app: BffApp

const MANIFEST = `
apiVersion: v1
kind: ConfigMap
metadata: {name: same, namespace: default}
data: {a: "1"}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: other, namespace: default}
data: {a: "2"}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: fresh, namespace: default}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: far, namespace: nowhere}
---
apiVersion: unheard.example/v1
kind: Thing
metadata: {name: thing}
---
apiVersion: v1
kind: Service
metadata: {name: broken, namespace: default}
spec: {ports: [{port: 99999}]}
---
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: things.fresh.example}
spec:
  group: fresh.example
  scope: Cluster
  names: {kind: Thing, plural: things, singular: thing, listKind: ThingList}
  versions: [{name: v1, served: true, storage: true, schema: {openAPIV3Schema: {type: object}}}]
`

/** In Helm's place: keeps how it was called, and answers as Helm does. */
const HELM = (seen: string): string => `#!/bin/sh
case "$1" in version) echo v4.2.0; exit 0;; esac
echo "$@" >> ${seen}
cp "$KUBECONFIG" ${seen}.kubeconfig; stat -c %a "$KUBECONFIG" > ${seen}.mode; echo "$KUBECONFIG" > ${seen}.path
case "$3" in istio-base) echo 'Error: CustomResourceDefinition "x" exists and cannot be imported' >&2; exit 1;; esac
cat ${seen}.answer
`

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mesh-plan-'))
  const program = join(folder, 'helm')
  const seen = join(folder, 'seen')
  await writeFile(program, HELM(seen))
  await writeFile(`${seen}.answer`, JSON.stringify({ version: 3, manifest: MANIFEST }))
  await chmod(program, 0o755)
  fleet = await startSandboxHub('empty')
  const east = fleet.client('east-1')
  const config = (name: string) => ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name, namespace: 'default' },
    data: { a: '1' },
  })
  for (const name of ['same', 'other']) await east.create('ConfigMap', config(name))
  for (const name of ['east-1', 'west-1']) await fleet.client('hub').create('Cluster', clusterRecord(name))
  app = await fleet.start({ helm: { program, charts: 'oci://charts.example' } })
}, 60_000)
afterAll(async () => {
  await fleet.close()
  await rm(folder, { recursive: true })
})

const made = (spec: Partial<Mesh['spec']> = {}): Mesh =>
  meshRecord('shop', ['east-1'], {
    mode: 'Dedicated',
    engine: 'Helm',
    controlPlane: { cluster: 'east-1', version: '1.30.3' },
    ...spec,
  })
const plan = (mesh: Mesh) =>
  app.inject({ method: 'POST', url: '/api/v1/meshes/-plan', headers: { ...LOCAL, ...CSRF }, payload: mesh })

describe('the plan of a mesh by Helm', () => {
  it('lists every object of every release beside what is there, and what Helm would not do', async () => {
    const answer = await plan(made())
    expect(answer.statusCode, answer.body).toBe(200)
    const { helm, releases } = answer.json<MeshPlan>()
    expect(helm).toEqual({ ready: true, message: 'Helm v4.2.0 installs Istio from oci://charts.example.' })
    expect(releases.map(({ cluster, name }) => `${cluster} ${name}`)).toEqual(['east-1 istio-base', 'east-1 istiod'])
    expect(releases[0]).toMatchObject({
      refusal: 'CustomResourceDefinition "x" exists and cannot be imported',
      objects: [],
    })
    const { revision, objects = [] } = releases[1] ?? {}
    expect(revision).toBe(3)
    expect(objects.map(({ kind, name, outcome }) => `${kind} ${name}: ${outcome}`)).toEqual([
      'ConfigMap same: same',
      'ConfigMap other: change',
      'ConfigMap fresh: create',
      'ConfigMap far: later',
      'Thing thing: later',
      'Service broken: refused',
      'CustomResourceDefinition things.fresh.example: create',
    ])
    const [, changed, , , , broken, definition] = objects
    expect([changed?.before, changed?.after].map((side) => side?.['data'])).toEqual([{ a: '1' }, { a: '2' }])
    expect(broken?.message).toContain('spec.ports[0].port')
    expect(JSON.stringify(definition?.after)).not.toContain('openAPIV3Schema')
    const fresh = fleet.client('east-1').get('ConfigMap', { namespace: 'default', name: 'fresh' })
    await expect(fresh).rejects.toMatchObject({ httpStatus: 404 })
  })

  it('gives Helm its credential in a file of its own that is gone afterwards, and never on the command line', async () => {
    await plan(made())
    const seen = (end: string) => readFile(join(folder, `seen${end}`), 'utf8')
    expect((await seen('.mode')).trim()).toBe('600')
    const credential = await seen('.kubeconfig')
    const token = /(?:token|client-key-data): (\S+)/.exec(credential)?.[1] ?? ''
    expect(token.length).toBeGreaterThan(8)
    expect(await seen('')).not.toContain(token)
    await expect(stat(dirname((await seen('.path')).trim()))).rejects.toThrow('ENOENT')
  })

  it('is empty where the Sail Operator installs', async () => {
    const answer = await plan(made({ engine: 'Sail' }))
    expect(answer.json<MeshPlan>().releases).toEqual([])
  })

  it('refuses what the hub refuses, and charts at a place that only this server may ask', async () => {
    const refused = await plan(made({ controlPlane: { cluster: 'east-1' } }))
    expect(refused.statusCode).toBe(422)
    expect(refused.json<Problem>().detail).toContain('controlPlane.version is needed')
    const charts = 'https://169.254.169.254/charts'
    const inside = await plan(made({ controlPlane: { cluster: 'east-1', version: '1.30.3', charts } }))
    expect(inside.statusCode).toBe(400)
    expect(inside.json<Problem>().fields).toMatchObject([{ field: 'spec.controlPlane.charts' }])
    const pod = await app.inject({
      method: 'POST',
      url: '/api/v1/meshes/-plan',
      headers: { ...LOCAL, ...CSRF },
      payload: { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'a' } },
    })
    expect(pod.statusCode).toBe(400)
  })

  it('says of a cluster that cannot be asked why', async () => {
    const gone = { cluster: 'gone-1', version: '1.30.3' }
    const { releases } = (await plan(made({ controlPlane: gone }))).json<MeshPlan>()
    expect(releases.map(({ problem }) => problem?.code)).toEqual(['unknown-cluster', 'unknown-cluster'])
  })
})

it('without Helm, the plan says what is missing', async () => {
  const bare = await startSandboxHub('empty')
  try {
    const other = await bare.start({ helm: { program: join(folder, 'nowhere'), charts: 'oci://charts.example' } })
    const answer = await other.inject({
      method: 'POST',
      url: '/api/v1/meshes/-plan',
      headers: { ...LOCAL, ...CSRF },
      payload: made(),
    })
    expect(answer.json<MeshPlan>()).toEqual({
      helm: { ready: false, message: expect.stringContaining('there is no program') },
      releases: [],
    })
  } finally {
    await bare.close()
  }
})
