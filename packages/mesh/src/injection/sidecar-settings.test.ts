import { describe, expect, it } from 'vitest'
import { injectionPolicyOf, readSidecarSettings, settingProblem, sidecarPatch } from './sidecar-settings.ts'

describe('a value of a setting', () => {
  it.each([
    ['cpuRequest', '100m'],
    ['memoryLimit', ' 1.5Gi '],
    ['cpuLimit', ''],
    ['logLevel', 'debug'],
    ['logLevel', 'rbac:debug, jwt:trace'],
    ['excludeInboundPorts', '8080, 9090'],
    ['excludeOutboundIPRanges', '10.0.0.0/8,192.168.1.1/32'],
  ] as const)('of %s may be %j', (setting, value) => {
    expect(settingProblem(setting, value)).toBeUndefined()
  })

  it.each([
    ['cpuRequest', 'much', 'quantity'],
    ['memoryLimit', '-1', 'quantity'],
    ['logLevel', 'loud', 'logLevel'],
    ['logLevel', 'rbac:loud', 'logLevel'],
    ['excludeInboundPorts', '0', 'ports'],
    ['excludeOutboundPorts', '80,', 'ports'],
    ['excludeOutboundPorts', '70000', 'ports'],
    ['excludeOutboundIPRanges', '10.0.0.0', 'cidrs'],
    ['excludeOutboundIPRanges', '10.0.0.256/8', 'cidrs'],
    ['excludeOutboundIPRanges', '10.0.0.0/33', 'cidrs'],
  ] as const)('of %s cannot be %j', (setting, value, problem) => {
    expect(settingProblem(setting, value)).toBe(problem)
  })
})

it('a patch names what changes, and nothing else', () => {
  expect(sidecarPatch({ action: 'enable' })).toEqual({
    spec: { template: { metadata: { labels: { 'sidecar.istio.io/inject': 'true' } } } },
  })
  expect(sidecarPatch({ action: 'clear' }).spec.template.metadata.labels).toEqual({ 'sidecar.istio.io/inject': null })
  expect(sidecarPatch({ settings: { cpuRequest: ' 50m ', excludeInboundPorts: '' } })).toEqual({
    spec: {
      template: {
        metadata: {
          annotations: {
            'sidecar.istio.io/proxyCPU': '50m',
            'traffic.sidecar.istio.io/excludeInboundPorts': null,
          },
        },
      },
    },
  })
})

it('what a template says is read', () => {
  expect(readSidecarSettings({ 'sidecar.istio.io/proxyCPU': '50m', other: 'x' })).toEqual({ cpuRequest: '50m' })
  expect(readSidecarSettings(undefined)).toEqual({})
  expect(
    [{ 'sidecar.istio.io/inject': 'true' }, { 'sidecar.istio.io/inject': 'false' }, {}].map(injectionPolicyOf),
  ).toEqual(['enabled', 'disabled', 'unset'])
})
