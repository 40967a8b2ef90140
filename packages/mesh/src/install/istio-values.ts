import type { Mesh } from '@meshdeck/kube'
import { systemNamespaceOf, ZTUNNEL_NAMESPACE } from './names.ts'
import type { Place } from './place.ts'
import { ISTIOD_RESOURCES } from './sizes.ts'
import { mergedValues, type Values } from './values.ts'

export interface ValuesContext {
  /** Whether istiod serves other clusters too. */
  several: boolean
  /** Where a remote finds istiod. */
  pilotAddress?: string
}

/** Extension provider that a mesh's own tracing goes to. */
const TRACING_PROVIDER = 'meshdeck-tracing'
const OTLP_PORT = 4317

/**
 * Helm values of istiod for one cluster of a mesh, the same for both engines. What the mesh does not say is left to
 * Istio; `spec.values`, then the member's own, are merged last and win.
 * Source: https://istio.io/latest/docs/reference/config/istio.mesh.v1alpha1/ and the charts' values.
 */
export function istioValues(mesh: Mesh, place: Place, { several, pilotAddress }: ValuesContext): Values {
  const { metadata, spec } = mesh
  const { controlPlane, dataPlane = {} } = spec
  const { cluster, network, values, role, platform } = place
  const { hub } = controlPlane
  const own: Values = {
    ...(dataPlane.mode === 'Ambient' ? { profile: 'ambient' } : {}),
    global: {
      istioNamespace: systemNamespaceOf(mesh),
      meshID: metadata.name,
      multiCluster: { clusterName: cluster },
      ...(network === undefined ? {} : { network }),
      ...(role === 'primary' && several ? { externalIstiod: true } : {}),
      ...(role === 'remote' && pilotAddress !== undefined ? { remotePilotAddress: pilotAddress } : {}),
      ...(hub === undefined ? {} : { hub }),
      ...(platform === 'OpenShift' ? { platform: 'openshift' } : {}),
      ...(dataPlane.imagePullPolicy === undefined ? {} : { imagePullPolicy: dataPlane.imagePullPolicy }),
      ...(dataPlane.resources === undefined && dataPlane.logLevel === undefined
        ? {}
        : {
            proxy: {
              ...(dataPlane.resources === undefined ? {} : { resources: dataPlane.resources }),
              ...(dataPlane.logLevel === undefined ? {} : { logLevel: dataPlane.logLevel }),
            },
          }),
    },
    ...(role === 'remote'
      ? { istiodRemote: { injectionPath: `/inject/cluster/${cluster}/net/${network ?? ''}` } }
      : { pilot: pilotValues(spec, platform), meshConfig: meshConfigValues(spec) }),
    ...(dataPlane.injectByDefault === undefined
      ? {}
      : { sidecarInjectorWebhook: { enableNamespacesByDefault: dataPlane.injectByDefault } }),
  }
  return [spec.values, values].reduce<Values>((all, more) => (more === undefined ? all : mergedValues(all, more)), own)
}

function pilotValues({ controlPlane, dataPlane = {}, tracing }: Mesh['spec'], platform: Place['platform']): Values {
  const { size, resources, highAvailability } = controlPlane
  const ambient = dataPlane.mode === 'Ambient'
  const istiod = resources ?? (size === undefined ? undefined : ISTIOD_RESOURCES[size])
  return {
    ...(istiod === undefined ? {} : { resources: istiod }),
    // Two that stand in for each other, or exactly one.
    ...(highAvailability === true
      ? { autoscaleEnabled: true, autoscaleMin: 2 }
      : { autoscaleEnabled: false, replicaCount: 1 }),
    ...(platform === 'OpenShift'
      ? { cni: { enabled: true, provider: 'multus' } }
      : ambient
        ? { cni: { enabled: true } }
        : {}),
    // Istiod trusts node proxies of its own namespace alone, where nothing else is said.
    ...(ambient ? { trustedZtunnelNamespace: ZTUNNEL_NAMESPACE } : {}),
    ...(tracing?.enabled === true ? { traceSampling: tracing.sampling ?? 1 } : {}),
  }
}

/** `meshConfig` as the fields of a mesh say it. */
export function meshConfigValues({ traffic, tracing }: Pick<Mesh['spec'], 'traffic' | 'tracing'>): Values {
  const { outbound, locality, retries } = traffic ?? {}
  return {
    ...(outbound === undefined ? {} : { outboundTrafficPolicy: { mode: outbound } }),
    ...(locality === undefined ? {} : { localityLbSetting: locality }),
    ...(retries === undefined
      ? {}
      : {
          defaultHttpRetryPolicy: {
            attempts: retries.attempts,
            ...(retries.retryOn === undefined ? {} : { retryOn: retries.retryOn.join(',') }),
          },
        }),
    ...(tracing?.enabled === true && tracing.service !== undefined
      ? {
          enableTracing: true,
          extensionProviders: [
            {
              name: TRACING_PROVIDER,
              opentelemetry: { service: tracing.service, port: tracing.port ?? OTLP_PORT },
            },
          ],
          defaultProviders: { tracing: [TRACING_PROVIDER] },
        }
      : {}),
  }
}
