import type { KubeResource, Mesh } from '@meshdeck/kube'
import { describe, expect, it } from 'vitest'
import { placesOf } from '../install/place.ts'
import { readInjectorValues, wantedProxyDefaults } from './injector-values.ts'

const configMap = (values: unknown): KubeResource => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'istio-sidecar-injector', namespace: 'istio-system' },
  data: { values: typeof values === 'string' ? values : JSON.stringify(values) },
})

describe('the values of an injector', () => {
  it('tell what sidecars get, in texts', () => {
    const values = {
      global: {
        hub: 'docker.io/istio',
        tag: '1.30.3',
        imagePullPolicy: '',
        proxy: { image: 'proxyv2', logLevel: 'warning', resources: { requests: { cpu: 1, memory: '128Mi' } } },
      },
      sidecarInjectorWebhook: { enableNamespacesByDefault: true },
    }
    expect(readInjectorValues(configMap(values))).toEqual({
      injectByDefault: true,
      resources: { requests: { cpu: '1', memory: '128Mi' }, limits: {} },
      logLevel: 'warning',
      image: 'docker.io/istio/proxyv2:1.30.3',
    })
    expect(readInjectorValues(configMap({}))).toEqual({ injectByDefault: false })
  })

  it('may be unreadable', () => {
    expect(readInjectorValues(configMap('{'))).toBeUndefined()
    expect(readInjectorValues({ ...configMap({}), data: {} })).toBeUndefined()
  })
})

describe('what a mesh wants of sidecars in a cluster', () => {
  const mesh: Mesh = {
    apiVersion: 'meshdeck.io/v1alpha1',
    kind: 'Mesh',
    metadata: { name: 'shop' },
    spec: {
      mode: 'Managed',
      controlPlane: { cluster: 'east' },
      dataPlane: {
        injectByDefault: true,
        logLevel: 'info',
        resources: { requests: { cpu: '100m' }, limits: { cpu: '2' } },
      },
      members: [
        { cluster: 'east', values: { global: { proxy: { resources: { limits: { cpu: '500m', memory: '256Mi' } } } } } },
        { cluster: 'west', values: { sidecarInjectorWebhook: { enableNamespacesByDefault: false } } },
      ],
    },
  }

  it('is what the mesh says, over it the values of the control plane, which injects for all', () => {
    const places = placesOf(mesh, () => undefined)
    const [east, west] = places.map((place) => wantedProxyDefaults(mesh, place, places))
    expect(east).toEqual({
      injectByDefault: true,
      logLevel: 'info',
      resources: { requests: { cpu: '100m' }, limits: { cpu: '500m', memory: '256Mi' } },
    })
    expect(west).toEqual({ ...east, injectByDefault: false })
  })
})
