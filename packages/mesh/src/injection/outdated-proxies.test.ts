import { describe, expect, it } from 'vitest'
import { compareVersions } from '../istio/compare-versions.ts'
import { outdatedProxies } from './outdated-proxies.ts'
import { podOf } from './pod-fixtures.ts'

describe('versions of Istio', () => {
  it.each([
    ['1.29.6', '1.30.3', -1],
    ['1.30.10', '1.30.9', 1],
    ['v1.30.3', '1.30.3-distroless', 0],
    ['1.31.0-beta.1', '1.31.0', -1],
    ['1.31.0-beta.1-distroless', '1.31.0-beta.1', 0],
    ['1.31.0-alpha.a', '1.31.0-alpha.b', undefined],
    ['latest', '1.30.3', undefined],
  ])('%s against %s', (a, b, order) => {
    const found = compareVersions(a, b)
    expect(found === undefined ? undefined : Math.sign(found)).toBe(order)
  })
})

describe('outdated proxies', () => {
  // The fixtures' proxies are 1.31.0.
  const pods = [podOf({ injected: true }), podOf({}), podOf({ injected: true, deletionTimestamp: 'now' })]
  const planes = (version: string, revision = 'default') => [{ revision, version }]

  it('are those older than the istiod that would inject today', () => {
    expect(outdatedProxies({ pods, controlPlanes: planes('1.31.2') })).toEqual({
      pods: 1,
      version: '1.31.2',
      pinned: false,
    })
    expect(outdatedProxies({ pods, controlPlanes: planes('1.31.0') })).toBeUndefined()
    expect(outdatedProxies({ pods, controlPlanes: planes('1.30.3') })).toBeUndefined()
  })

  it('go by the revision that injects now, not by the one that did', () => {
    const controlPlanes = [...planes('1.31.0'), ...planes('1.32.0', 'canary')]
    expect(outdatedProxies({ pods, controlPlanes })).toBeUndefined()
    expect(outdatedProxies({ pods, controlPlanes, revision: 'canary' })).toMatchObject({ version: '1.32.0' })
  })

  it('cannot be told without a control plane of known version', () => {
    expect(outdatedProxies({ pods, controlPlanes: [] })).toBeUndefined()
    expect(outdatedProxies({ pods, controlPlanes: planes('unknown') })).toBeUndefined()
  })

  it('stay as they are where the template names the image', () => {
    const annotations = { 'sidecar.istio.io/proxyImage': 'proxyv2:1.31.0' }
    expect(outdatedProxies({ pods, annotations, controlPlanes: planes('1.32.0') })?.pinned).toBe(true)
  })
})
