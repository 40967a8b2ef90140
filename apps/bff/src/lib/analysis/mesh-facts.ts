import { isRecord, readPath, type KubeResource, type Mesh } from '@meshdeck/kube'
import {
  DEFAULT_FACTS,
  effectiveInjection,
  systemNamespaceOf,
  type InjectionWebhook,
  type MeshFacts,
} from '@meshdeck/mesh'
import { parse } from 'yaml'

/** The ConfigMap with the settings of a mesh. Source: Istio's chart istiod, templates/configmap.yaml. */
export function configMapOf(mesh: Mesh): { namespace: string; name: string } {
  const { revision } = mesh.spec.controlPlane
  const suffix = revision === undefined || revision === 'default' ? '' : `-${revision}`
  return { namespace: systemNamespaceOf(mesh), name: `istio${suffix}` }
}

/** What an analysis needs to know of a mesh; what cannot be read is left open. */
export function meshFacts(
  mesh: Mesh,
  configMap: KubeResource | undefined,
  webhooks: readonly InjectionWebhook[] | undefined,
): MeshFacts {
  const config = meshConfig(configMap)
  const namespace = systemNamespaceOf(mesh)
  const injectsByDefault =
    webhooks === undefined ? undefined : effectiveInjection({ namespaceName: 'any', webhooks }).injected
  const facts = { ...DEFAULT_FACTS, rootNamespace: namespace, injectsByDefault }
  if (config === undefined) return facts
  const logs = listOf(readPath(config, 'defaultProviders.accessLogging'))
  return {
    ...facts,
    rootNamespace: typeof config['rootNamespace'] === 'string' ? config['rootNamespace'] : namespace,
    trustDomains: domainsIn(config),
    autoMtls: config['enableAutoMtls'] !== false,
    providers: listOf(config['extensionProviders']).flatMap((each) => (isRecord(each) ? [String(each['name'])] : [])),
    providerServices: providerServices(config),
    outbound: readPath(config, 'outboundTrafficPolicy.mode') === 'REGISTRY_ONLY' ? 'REGISTRY_ONLY' : 'ALLOW_ANY',
    hasDefaultLogging:
      logs.length > 0 || (typeof config['accessLogFile'] === 'string' && config['accessLogFile'] !== ''),
  }
}

/** What a mesh's settings call its callers, the own trust domain first; `undefined` when they cannot be read. */
export function trustDomainsOf(configMap: KubeResource): string[] | undefined {
  const config = meshConfig(configMap)
  return config === undefined ? undefined : domainsIn(config)
}

const domainsIn = (config: Record<string, unknown>): string[] =>
  [config['trustDomain'] ?? 'cluster.local', ...listOf(config['trustDomainAliases'])].map(String)

function meshConfig(configMap: KubeResource | undefined): Record<string, unknown> | undefined {
  const text = isRecord(configMap?.['data']) ? configMap['data']['mesh'] : undefined
  if (typeof text !== 'string') return undefined
  try {
    const config: unknown = parse(text)
    return isRecord(config) ? config : undefined
  } catch {
    // istiod does not start with it either; nothing can be built on it.
    return undefined
  }
}

/** Each provider is of one type, which names its service where it has one. Source: Istio, MeshConfig.ExtensionProvider. */
function providerServices(config: Record<string, unknown>): Record<string, string> {
  return Object.fromEntries(
    listOf(config['extensionProviders'])
      .filter(isRecord)
      .flatMap(({ name, ...types }) =>
        Object.values(types).flatMap((type) =>
          isRecord(type) && typeof type['service'] === 'string' ? [[String(name), type['service']]] : [],
        ),
      ),
  )
}

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [])
