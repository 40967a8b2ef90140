import type { Problem } from '@meshdeck/contract'
import type { Mesh } from '@meshdeck/kube'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { BffApp } from '../../../app.ts'
import { CSRF, LOCAL } from '../../../testing/bff.ts'
import { REFUSED_MESHES, TAKEN_MESHES } from '../../../testing/refused-meshes.ts'
import { startSandboxHub, type SandboxHub } from '../../../testing/sandbox-hub.ts'

let fleet: SandboxHub
let app: BffApp

beforeAll(async () => {
  fleet = await startSandboxHub('empty')
  app = await fleet.start()
}, 60_000)
afterAll(async () => {
  await fleet.close()
})

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
  const { code, fields = [] } = answer.json<Problem>()
  expect(code).toBe('invalid-object')
  expect(fields.map((each) => each.field)).toContain(field)
  expect(fields.find((each) => each.field === field)?.message).toContain(words)
})

it.each(TAKEN_MESHES.map((mesh) => [JSON.stringify(mesh.spec.traffic), mesh] as const))('takes %s', async (_, mesh) => {
  const answer = await tryToCreate(mesh)
  expect(answer.statusCode, answer.body).toBe(201)
})
