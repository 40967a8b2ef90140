import type { KubeResource } from '@meshdeck/kube'
import { inventoryOf } from '../analysis/corpus/input.ts'
import { namespace, pod, service, SHOP } from '../analysis/corpus/objects.ts'
import { DEFAULT_FACTS, type AnalysisInput, type MeshFacts } from '../analysis/world.ts'
import { explain } from './explain.ts'
import type { Explanation, Step } from './explanation.ts'
import type { Question } from './question.ts'

/** A mesh for trying requests: `cart` calls `reviews` (v1, v2) in `shop`; `legacy/batch` has no proxy. */
export const MESH: readonly KubeResource[] = [
  namespace(SHOP),
  namespace('legacy'),
  namespace('istio-system'),
  service('reviews', [{ name: 'http', port: 9080, targetPort: 8080 }]),
  service('db', [{ name: 'tcp-db', port: 3306 }]),
  pod('cart', { app: 'cart' }, { serviceAccountName: 'cart' }),
  pod('reviews-1', { app: 'reviews', version: 'v1' }),
  pod('reviews-2', { app: 'reviews', version: 'v2' }),
  pod('db-1', { app: 'db' }),
  pod('batch', { app: 'batch' }, { containers: [{ name: 'app' }] }, { namespace: 'legacy' }),
  service('plain', [{ name: 'http', port: 80 }], {}, { namespace: 'legacy' }),
  pod('plain', { app: 'plain' }, { containers: [{ name: 'app' }] }, { namespace: 'legacy' }),
  pod('ingress', { istio: 'ingressgateway' }, {}, { namespace: 'istio-system' }),
]

export const CART = { from: 'workload', namespace: SHOP, name: 'cart' } as const
export const BATCH = { from: 'workload', namespace: 'legacy', name: 'batch' } as const

export const inputWith = (
  objects: readonly KubeResource[],
  facts: Partial<MeshFacts> = { outbound: 'ALLOW_ANY' },
): AnalysisInput => ({
  config: inventoryOf('east', [...MESH, ...objects]),
  members: [],
  facts: { ...DEFAULT_FACTS, ...facts },
})

/** Asks what happens to `GET reviews:9080/` of `cart`, with changes. */
export function ask(
  objects: readonly KubeResource[],
  change: Partial<Question> = {},
  facts?: Partial<MeshFacts>,
): Explanation {
  const question: Question = {
    source: CART,
    protocol: 'http',
    host: 'reviews',
    port: 9080,
    path: '/',
    method: 'GET',
    headers: {},
    ...change,
  }
  return explain(inputWith(objects, facts), question, new Date('2026-01-01T00:00:00Z'))
}

/** All steps, those of branches too. */
export const stepsOf = ({ steps, branches }: Explanation): Step[] => [
  ...steps,
  ...branches.flatMap((branch) => branch.steps),
]
export const codesOf = (answer: Explanation): string[] => stepsOf(answer).map(({ code }) => code)
export const stepOf = (answer: Explanation, code: string): Step | undefined =>
  stepsOf(answer).find((step) => step.code === code)
/** `code path` of what did not decide. */
export const othersOf = (answer: Explanation, code: string): string[] =>
  (stepOf(answer, code)?.others ?? []).map((each) => `${each.code} ${each.place?.path ?? ''}`.trim())
