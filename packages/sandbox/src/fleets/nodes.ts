import type { KubeObject } from '../kube-object.ts'

/** Nodes of a cluster, spread over the zones `a`, `b` and `c` of its region, all Ready. */
export function nodeObjects(cluster: string, region: string, count: number, version: string): readonly KubeObject[] {
  return Array.from({ length: count }, (_, index) => {
    const name = `${cluster}-node-${index + 1}`
    const capacity = { cpu: '64', memory: '256Gi', pods: '1000', 'ephemeral-storage': '500Gi' }
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
          'topology.kubernetes.io/zone': `${region}-${'abc'.charAt(index % 3)}`,
        },
      },
      spec: {},
      status: {
        capacity,
        allocatable: capacity,
        addresses: [
          { type: 'InternalIP', address: `172.18.${index >> 8}.${(index & 255) + 2}` },
          { type: 'Hostname', address: name },
        ],
        conditions: ['Ready', 'MemoryPressure', 'DiskPressure', 'PIDPressure'].map((type) => ({
          type,
          status: type === 'Ready' ? 'True' : 'False',
          reason: type === 'Ready' ? 'KubeletReady' : 'KubeletHasNoPressure',
          message: '',
        })),
        nodeInfo: { kubeletVersion: version, osImage: 'sandbox', architecture: 'amd64', operatingSystem: 'linux' },
      },
    }
  })
}
