import type { KubeObject } from './objects.ts'

const ZONES = ['a', 'b', 'c']

/** The nodes of a cluster: one per zone, which the stand-in kubelet then makes Ready. */
export function nodeObjects(cluster: string, count: number): KubeObject[] {
  return Array.from({ length: count }, (_, index) => {
    const name = `${cluster}-node-${index + 1}`
    const capacity = { cpu: '32', memory: '128Gi', pods: '250' }
    const region = `${cluster}-region`
    return {
      apiVersion: 'v1',
      kind: 'Node',
      metadata: {
        name,
        labels: {
          'kubernetes.io/hostname': name,
          'kubernetes.io/os': 'linux',
          'kubernetes.io/arch': 'amd64',
          'topology.kubernetes.io/region': region,
          'topology.kubernetes.io/zone': `${region}-${ZONES[index % ZONES.length]}`,
        },
      },
      status: { capacity, allocatable: capacity },
    }
  })
}
