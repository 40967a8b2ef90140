import type { MeshSize } from '@meshdeck/kube'

export interface ComponentResources {
  requests: { cpu: string; memory: string }
  limits: { cpu: string; memory: string }
}

const resources = (cpu: readonly [number, number], memory: readonly [number, number]): ComponentResources => ({
  requests: { cpu: `${cpu[0]}m`, memory: `${memory[0]}Mi` },
  limits: { cpu: `${cpu[1]}m`, memory: `${memory[1]}Mi` },
})

/**
 * What istiod is given for so many services and pods. Istio's own rule is that istiod grows with proxies and
 * configuration (https://istio.io/latest/docs/ops/deployment/performance-and-scalability/); the two largest are that
 * rule carried on.
 */
export const ISTIOD_RESOURCES: Readonly<Record<MeshSize, ComponentResources>> = {
  S50P200: resources([200, 1_500], [200, 1_500]),
  S200P1000: resources([400, 2_000], [500, 2_000]),
  S500P2000: resources([600, 3_000], [800, 3_000]),
  S2000P8000: resources([1_500, 6_000], [2_500, 8_000]),
  S5000P20000: resources([3_000, 12_000], [6_000, 16_000]),
}
