import { KubeStatusError } from '@meshdeck/kube-client'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { API_CASES } from './api-cases.ts'
import type { Case, Step } from './api-cases.ts'
import { normalize } from './normalize.ts'
import { openTargets } from './target.ts'
import type { Target, Targets } from './target.ts'

const SETTLING = { timeout: 10_000, interval: 50 }
let targets: Targets
let next = 0

beforeAll(async () => {
  targets = await openTargets()
})
afterAll(async () => targets.close())

describe('the API server of the sandbox answers as the real one', () => {
  it.each(API_CASES.map((each) => [each.name, each] as const))('%s', async (_, each) => {
    const namespace = `conformance-${process.pid}-${next++}`
    const real = await run(targets.lab, each, namespace)
    const simulated = await run(targets.sandbox, each, namespace)
    expect(simulated).toEqual(real)
  })
})

/** All answers of a case, in a namespace of its own that is gone after it. */
async function run(target: Target, { steps }: Case, namespace: string): Promise<unknown[]> {
  const { connection } = target
  const metadata = { name: namespace }
  await connection.request({
    method: 'POST',
    path: '/api/v1/namespaces',
    body: { apiVersion: 'v1', kind: 'Namespace', metadata },
  })
  await present(target, `/api/v1/namespaces/${namespace}/configmaps/kube-root-ca.crt`)
  try {
    const answers: unknown[] = []
    const shown: unknown[] = []
    for (const step of steps) {
      const { code, body, warnings } = await vi.waitFor(async () => {
        const answer = await ask(target, step, namespace, answers)
        if (step.settles !== undefined) expect(answer.code).toBe(step.settles)
        return answer
      }, SETTLING)
      answers.push(body)
      shown.push(step.codeOnly === true ? { code } : { code, body: normalize(body), warnings })
    }
    return shown
  } finally {
    await connection.request({ method: 'DELETE', path: `/api/v1/namespaces/${namespace}` })
  }
}

async function ask(
  { connection }: Target,
  { method = 'GET', path, query, body, contentType, user, from }: Step,
  namespace: string,
  answers: readonly unknown[],
): Promise<{ code: number; body: unknown; warnings: string[] }> {
  try {
    const answer = await connection.request<unknown>({
      method,
      path: path.replace('NS', namespace),
      ...(query === undefined ? {} : { query }),
      ...(body === undefined && from === undefined ? {} : { body: from === undefined ? body : from(answers) }),
      ...(contentType === undefined ? {} : { contentType }),
      ...(user === undefined ? {} : { identity: { kind: 'impersonate', ...user, groups: [...user.groups] } }),
    })
    return { code: answer.status, body: answer.body, warnings: answer.warnings }
  } catch (error) {
    if (!(error instanceof KubeStatusError)) throw error
    return { code: error.httpStatus, body: error.status, warnings: [] }
  }
}

/** Waits for what a controller makes: asked for until it is there. */
async function present({ connection }: Target, path: string): Promise<void> {
  await expect
    .poll(
      () =>
        connection.request({ path }).then(
          () => true,
          () => false,
        ),
      { timeout: 10_000 },
    )
    .toBe(true)
}
