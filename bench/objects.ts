import type { World } from './world.ts'

export const COUNT = 1_000

/** A VirtualService as people write them: two versions, a match, a timeout, retries. */
export function virtualService(namespace: string, name: string): object {
  return {
    apiVersion: 'networking.istio.io/v1',
    kind: 'VirtualService',
    metadata: { name, namespace, labels: { bench: 'true' } },
    spec: {
      hosts: [`${name}.example`],
      http: [
        {
          match: [{ uri: { prefix: '/api' } }],
          timeout: '5s',
          retries: { attempts: 2, perTryTimeout: '2s' },
          route: [
            { destination: { host: 'reviews', subset: 'v1' }, weight: 90 },
            { destination: { host: 'reviews', subset: 'v2' }, weight: 10 },
          ],
        },
      ],
    },
  }
}

/** Writes the thousand; those that are there stay. */
export async function createMany({ kubectl, namespace }: World): Promise<void> {
  const items = Array.from({ length: COUNT }, (_, index) =>
    virtualService(namespace, `many-${String(index).padStart(4, '0')}`),
  )
  // Server side: nothing is read first, and a second run changes nothing.
  await kubectl(['apply', '--server-side', '-f', '-'], JSON.stringify({ apiVersion: 'v1', kind: 'List', items }))
}
