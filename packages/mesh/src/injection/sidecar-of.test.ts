import { describe, expect, it } from 'vitest'
import { parseQuantity } from '../istio/quantity.ts'
import { podOf } from './pod-fixtures.ts'
import { sidecarOf, type SidecarPod } from './sidecar-of.ts'

type Statuses = NonNullable<NonNullable<SidecarPod['status']>['containerStatuses']>
const withStatus = (containerStatuses: Statuses, initContainerStatuses: Statuses = []): SidecarPod => ({
  ...podOf({ injected: true, revision: 'canary' }),
  status: { phase: 'Running', containerStatuses, initContainerStatuses },
})
const waiting = (reason: string, message?: string) => ({ waiting: { reason, message } })

describe('the sidecar of a pod', () => {
  it('tells its version, its revision and how often it was restarted', () => {
    const pod = withStatus([{ name: 'istio-proxy', ready: true, restartCount: 2, state: { running: {} } }])
    expect(sidecarOf(pod)).toEqual({
      state: 'running',
      version: '1.31.0',
      revision: 'canary',
      native: false,
      resources: { requests: {}, limits: {} },
      restarts: 2,
    })
    expect(sidecarOf(podOf({})).state).toBe('not-injected')
  })

  it.each([
    ['on its way', [{ name: 'istio-proxy', ready: false, state: waiting('PodInitializing') }], 'starting', undefined],
    ['not ready yet', [{ name: 'istio-proxy', ready: false, state: { running: {} } }], 'starting', undefined],
    ['without a status', [], 'starting', undefined],
    [
      'without its image',
      [{ name: 'istio-proxy', ready: false, state: waiting('ImagePullBackOff', 'no such image') }],
      'failed',
      'ImagePullBackOff: no such image',
    ],
    [
      'killed',
      [{ name: 'istio-proxy', ready: false, state: { terminated: { exitCode: 137, reason: 'OOMKilled' } } }],
      'failed',
      'OOMKilled',
    ],
  ] satisfies [string, Statuses, string, string | undefined][])('%s', (_what, statuses, state, reason) => {
    expect(sidecarOf(withStatus(statuses))).toMatchObject({ state, ...(reason === undefined ? {} : { reason }) })
  })

  it('fails when what must run before it fails, and not when that has done its work', () => {
    const held: Statuses = [{ name: 'istio-proxy', ready: false, state: waiting('PodInitializing') }]
    const init = (state: unknown): Statuses => [{ name: 'istio-init', ready: false, state }]
    expect(sidecarOf(withStatus(held, init(waiting('CrashLoopBackOff', 'iptables'))))).toMatchObject({
      state: 'failed',
      reason: 'istio-init: CrashLoopBackOff: iptables',
    })
    expect(sidecarOf(withStatus(held, init({ terminated: { exitCode: 0 } }))).state).toBe('starting')
  })

  it('may be an init container that goes on', () => {
    const resources = { requests: { cpu: '100m' }, limits: { memory: '1Gi', 'nvidia.com/gpu': 1 } }
    const pod: SidecarPod = {
      ...podOf({ injected: true }),
      spec: {
        containers: [{ name: 'app' }],
        initContainers: [Object.assign({ name: 'istio-proxy', image: 'proxyv2:1.31.0' }, { resources })],
      },
      status: { initContainerStatuses: [{ name: 'istio-proxy', ready: true, state: { running: {} } }] },
    }
    expect(sidecarOf(pod)).toMatchObject({
      state: 'running',
      native: true,
      resources: { requests: { cpu: '100m' }, limits: { memory: '1Gi' } },
    })
  })
})

describe('a quantity', () => {
  it.each([
    ['100m', 0.1],
    ['2', 2],
    ['1.5', 1.5],
    ['1Gi', 2 ** 30],
    ['128Mi', 2 ** 27],
    ['1e3', 1_000],
    ['1E', 1e18],
    ['much', undefined],
    ['', undefined],
  ])('%j is %s', (text, value) => {
    expect(parseQuantity(text)).toBe(value)
  })
})
