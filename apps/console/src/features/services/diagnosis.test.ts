import type { FindingView, ServiceDetail } from '@meshdeck/contract'
import { describe, expect, it } from 'vitest'
import { CHECKS, diagnose, repairCommand } from './diagnosis.ts'

const finding = (code: string, kind: string, name: string, more: Partial<FindingView> = {}): FindingView => ({
  code,
  level: 'warning',
  cluster: 'east',
  kind,
  namespace: 'shop',
  name,
  path: '',
  values: {},
  ...more,
})
// The boundary: only what a diagnosis reads.
const detail = {
  service: { namespace: 'shop', name: 'web', reasons: [] },
  workloads: [{ kind: 'Deployment', namespace: 'shop', name: 'web-v1' }],
  pods: [{ namespace: 'shop', name: 'web-v1-a' }],
  rules: [{ cluster: 'east', kind: 'VirtualService', namespace: 'shop', name: 'web' }],
} as unknown as ServiceDetail

describe('a diagnosis', () => {
  it('puts what is found about a service and its own into its checks, and nothing else', () => {
    const results = diagnose(detail, [
      finding('IST0118', 'Service', 'web'),
      finding('IST0103', 'Pod', 'web-v1-a'),
      finding('MD2003', 'Deployment', 'web-v1'),
      finding('IST0101', 'VirtualService', 'web'),
      finding('IST0102', 'Namespace', 'shop', { namespace: '' }),
      finding('IST0118', 'Service', 'other'),
    ])
    const failed = results.filter(({ findings }) => findings.length > 0)
    expect(failed.map(({ check, findings }) => [check, findings.map(({ code }) => code)])).toEqual([
      ['sidecar', ['IST0103', 'IST0102']],
      ['protocol', ['IST0118']],
      ['labels', ['MD2003']],
      ['other', ['IST0101']],
    ])
    expect(results).toHaveLength(Object.keys(CHECKS).length + 1)
  })

  it('fails what the health of the service says is wrong, though it was asked for', () => {
    const reasons = [{ code: 'no-pod-injected', params: { pods: 2, clusters: ['east'] } }]
    const results = diagnose({ ...detail, service: { ...detail.service, reasons } }, [])
    expect(results.filter((each) => each.reasons.length > 0).map(({ check }) => check)).toEqual(['sidecar'])
  })

  it('shows some of many and counts the rest', () => {
    const many = Array.from({ length: 13 }, (_, at) =>
      finding('IST0118', 'Service', 'web', { path: `spec.ports[${at}]` }),
    )
    const protocol = diagnose(detail, many).find(({ check }) => check === 'protocol')
    expect([protocol?.findings.length, protocol?.more]).toEqual([10, 3])
  })

  it('mends by a command where that is sure', () => {
    expect(repairCommand(finding('IST0118', 'Service', 'web', { path: 'spec.ports[1].name' }))).toBe(
      `kubectl --context east -n shop patch service web --type json -p '[{"op":"add","path":"/spec/ports/1/appProtocol","value":"http"}]'`,
    )
    const fix = [{ op: 'remove' as const, path: ['spec', 'selector', 'version'] }]
    expect(repairCommand(finding('MD2001', 'Service', 'web', { fix }))).toContain('"path":"/spec/selector/version"')
    expect(repairCommand(finding('IST0170', 'Service', 'web'))).toBeUndefined()
    expect(repairCommand(finding('MD2003', 'Deployment', 'web-v1'))).toBeUndefined()
  })
})
