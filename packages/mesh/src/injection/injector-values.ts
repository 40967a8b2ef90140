import { isRecord, type KubeResource, type Mesh, type Resources } from '@meshdeck/kube'
import { istioValues } from '../install/istio-values.ts'
import type { Place } from '../install/place.ts'

/** What an injector gives the sidecars of pods that ask for nothing else. What is absent is Istio's default. */
export interface ProxyDefaults {
  /** Whether pods that say nothing, in namespaces that say nothing, get a sidecar. */
  injectByDefault: boolean
  resources?: Resources
  logLevel?: string
  imagePullPolicy?: string
  image?: string
}

/** Reads the ConfigMap `istio-sidecar-injector`; undefined when it holds no values that can be read. */
export function readInjectorValues(configMap: KubeResource): ProxyDefaults | undefined {
  const data = isRecord(configMap['data']) ? configMap['data'] : {}
  const text = data['values']
  if (typeof text !== 'string') return undefined
  try {
    const values: unknown = JSON.parse(text)
    return isRecord(values) ? proxyDefaultsIn(values) : undefined
  } catch {
    return undefined
  }
}

/**
 * What a mesh wants in one of its clusters (`places`: all of them, the control plane's first), with all that it says
 * merged as its installation merges it. Pods of a remote are injected by the control plane's istiod from its own values:
 * only whom the webhook takes is the remote's own matter.
 * Source: manifests/helm-profiles/remote.yaml of Istio (omitSidecarInjectorConfigMap).
 */
export function wantedProxyDefaults(mesh: Mesh, place: Place, places: readonly Place[]): ProxyDefaults {
  const several = places.length > 1
  const own = proxyDefaultsIn(istioValues(mesh, place, { several }))
  const [primary] = places
  if (place.role === 'primary' || primary === undefined) return own
  return { ...proxyDefaultsIn(istioValues(mesh, primary, { several })), injectByDefault: own.injectByDefault }
}

/** Of Istio's Helm values. */
function proxyDefaultsIn(values: Record<string, unknown>): ProxyDefaults {
  const global = at(values, 'global')
  const proxy = at(global, 'proxy')
  const [hub, tag, image] = [global['hub'], global['tag'], proxy['image']].map(textOf)
  const whole = image?.includes('/') === true ? image : hub && tag ? `${hub}/${image ?? 'proxyv2'}:${tag}` : undefined
  const logLevel = textOf(proxy['logLevel'])
  const imagePullPolicy = textOf(global['imagePullPolicy'])
  return {
    injectByDefault: at(values, 'sidecarInjectorWebhook')['enableNamespacesByDefault'] === true,
    ...(isRecord(proxy['resources']) ? { resources: readResources(proxy['resources']) } : {}),
    ...(logLevel === undefined ? {} : { logLevel }),
    ...(imagePullPolicy === undefined ? {} : { imagePullPolicy }),
    ...(whole === undefined ? {} : { image: whole }),
  }
}

/** CPU and memory as texts, however they are written. */
export function readResources(value: Readonly<Record<string, unknown>>): Resources {
  const side = (name: 'requests' | 'limits') => {
    const { cpu, memory } = at(value, name)
    return {
      ...(cpu === undefined || cpu === null ? {} : { cpu: String(cpu) }),
      ...(memory === undefined || memory === null ? {} : { memory: String(memory) }),
    }
  }
  return { requests: side('requests'), limits: side('limits') }
}

const at = (value: Readonly<Record<string, unknown>>, name: string): Record<string, unknown> => {
  const found = value[name]
  return isRecord(found) ? found : {}
}
const textOf = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : typeof value === 'number' ? String(value) : undefined
