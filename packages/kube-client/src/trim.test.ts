import type { KubeResource } from '@meshdeck/kube'
import { describe, expect, it } from 'vitest'
import { trimResource } from './trim.ts'

const metadata = {
  name: 'a',
  namespace: 'shop',
  labels: { app: 'a' },
  managedFields: [{}],
  annotations: { 'kubectl.kubernetes.io/last-applied-configuration': '{}', 'sidecar.istio.io/status': '{}' },
}

describe('trimResource', () => {
  it('drops bookkeeping, keeps the rest, and leaves the object alone', () => {
    const object: KubeResource = { apiVersion: 'x/v1', kind: 'Thing', metadata, spec: { unheard: 1 } }
    const before = structuredClone(object)
    expect(trimResource('VirtualService', object)).toEqual({
      ...object,
      metadata: {
        name: 'a',
        namespace: 'shop',
        labels: { app: 'a' },
        annotations: { 'sidecar.istio.io/status': '{}' },
      },
    })
    expect(object).toEqual(before)
  })

  it('keeps of a pod what views are made of', () => {
    const pod = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata,
      spec: {
        nodeName: 'n',
        volumes: [{}],
        containers: [{ name: 'c', image: 'i', env: [{ name: 'SECRET', value: 'x' }] }],
      },
      status: {
        phase: 'Running',
        hostIP: '1.2.3.4',
        containerStatuses: [{ name: 'c', ready: true, containerID: 'x' }],
      },
    }
    expect(trimResource('Pod', pod)).toMatchObject({
      spec: { nodeName: 'n', containers: [{ name: 'c', image: 'i' }], initContainers: [] },
      status: { phase: 'Running', containerStatuses: [{ name: 'c', ready: true }] },
    })
    expect(JSON.stringify(trimResource('Pod', pod))).not.toMatch(/SECRET|volumes|hostIP|containerID/)
  })
})
