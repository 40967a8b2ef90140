import type { Cluster, ClusterStatus } from '@meshdeck/kube'
import { describe, expect, it } from 'vitest'
import type { Finding } from '../status/conditions.ts'
import { clusterStatus, type ClusterFindings } from './cluster-status.ts'

const NOW = new Date('2026-11-24T03:00:00Z')

const finding = (type: string, status: Finding['status'] = 'True'): Finding => ({
  type,
  status,
  reason: 'Reason',
  message: 'Message.',
})
const findings: ClusterFindings = {
  reachable: finding('Reachable'),
  permitted: finding('Permitted'),
  prometheus: finding('PrometheusReachable', 'Unknown'),
  inside: { version: 'v1.36.3', nodes: 3, clusterUid: 'u', istio: [], platform: 'Kubernetes' },
}
const unreachable: ClusterFindings = {
  reachable: finding('Reachable', 'False'),
  permitted: finding('Permitted', 'Unknown'),
  prometheus: finding('PrometheusReachable'),
}
const cluster = (status?: ClusterStatus): Cluster => ({
  apiVersion: 'meshdeck.io/v1alpha1',
  kind: 'Cluster',
  metadata: { name: 'prod', generation: 4 },
  spec: { access: { kubeconfigContext: 'prod' } },
  ...(status ? { status } : {}),
})

describe('status of a cluster', () => {
  it('tells what was found, and of which generation', () => {
    expect(clusterStatus(cluster(), findings, NOW)).toEqual({
      conditions: [
        { ...finding('Reachable'), lastTransitionTime: '2026-11-24T03:00:00Z' },
        { ...finding('Permitted'), lastTransitionTime: '2026-11-24T03:00:00Z' },
        { ...finding('PrometheusReachable', 'Unknown'), lastTransitionTime: '2026-11-24T03:00:00Z' },
      ],
      version: 'v1.36.3',
      nodes: 3,
      clusterUid: 'u',
      istio: [],
      platform: 'Kubernetes',
      lastSeen: '2026-11-24T03:00:00Z',
      observedGeneration: 4,
    })
  })

  it('keeps what was known of a cluster that does not answer, and when it was seen', () => {
    const before = clusterStatus(cluster(), findings, new Date('2026-11-24T02:00:00Z'))
    const after = clusterStatus(cluster(before), unreachable, NOW)
    expect(after).toMatchObject({ version: 'v1.36.3', nodes: 3, istio: [], lastSeen: '2026-11-24T02:00:00Z' })
    expect(
      after.conditions?.map(({ status, lastTransitionTime }) => [status, lastTransitionTime?.slice(11, 13)]),
    ).toEqual([
      ['False', '03'],
      ['Unknown', '03'],
      ['True', '03'],
    ])
  })

  it('drops what the credential may no longer read', () => {
    const before = clusterStatus(cluster(), findings, NOW)
    const inside = {
      version: 'v1.36.3',
      nodes: undefined,
      clusterUid: undefined,
      istio: undefined,
      platform: undefined,
    }
    const after = clusterStatus(cluster(before), { ...findings, inside }, NOW)
    expect(Object.keys(after).toSorted()).toEqual(['conditions', 'lastSeen', 'observedGeneration', 'version'])
  })

  it.each([
    ['2026-11-24T02:55:01Z', '2026-11-24T02:55:01Z'],
    ['2026-11-24T02:55:00Z', '2026-11-24T03:00:00Z'],
    ['2026-11-25T00:00:00Z', '2026-11-24T03:00:00Z'],
    ['no time', '2026-11-24T03:00:00Z'],
  ])('moves lastSeen in steps, so that a look is not always a write: %s becomes %s', (lastSeen, expected) => {
    expect(clusterStatus(cluster({ lastSeen }), findings, NOW).lastSeen).toBe(expected)
  })
})
