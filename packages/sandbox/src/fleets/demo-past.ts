import type { PastChange } from './fleet.ts'

/** Until somebody tried the next ratings by hand, twenty minutes ago: then calls to them began to fail. */
export const DEMO_PAST: readonly PastChange[] = [
  {
    minutesAgo: 20,
    manager: 'kubectl-edit',
    before: {
      apiVersion: 'networking.istio.io/v1',
      kind: 'VirtualService',
      metadata: { name: 'ratings', namespace: 'shop' },
      spec: { hosts: ['ratings'], http: [{ route: [{ destination: { host: 'ratings' }, weight: 100 }] }] },
    },
  },
]
