import { isRecord, type KubeResource, type Mesh, type MeshSpec } from '@meshdeck/kube'
import { meshConfigValues } from './istio-values.ts'
import { labelsOf, versionOf } from './names.ts'
import type { Planned } from './plan.ts'
import { ISTIOD_RESOURCES } from './sizes.ts'
import { mergedValues, withoutEmpty, type Values } from './values.ts'

/**
 * What a mesh that was taken over wants: the releases or resources that were there, by their names and with their values.
 * Nothing is said beyond what the mesh says, so that taking over changes nothing.
 */
export function adoptedControlPlane(mesh: Mesh): Planned[] {
  const { releases = [], resources = [] } = mesh.spec.adopted ?? {}
  const version = versionOf(mesh)
  return mesh.spec.engine === 'Helm'
    ? releases.map(({ chart, name, namespace, values = {} }) => ({
        step: chart === 'cni' || chart === 'ztunnel' ? 'nodeAgents' : chart === 'gateway' ? 'gateways' : 'controlPlane',
        release: { name, namespace, chart, version, values: chart === 'istiod' ? adoptedValues(mesh.spec) : values },
      }))
    : resources.map(({ kind, name, spec = {} }) => {
        const values = kind === 'Istio' ? adoptedValues(mesh.spec) : {}
        const object: KubeResource = {
          apiVersion: 'sailoperator.io/v1',
          kind,
          metadata: { name, labels: labelsOf(mesh) },
          spec: { ...spec, version: `v${version}`, ...(Object.keys(values).length === 0 ? {} : { values }) },
        }
        return { step: kind === 'Istio' ? 'controlPlane' : 'nodeAgents', kind, object }
      })
}

/** Namespaces of what was taken over, istiod's first. */
export function adoptedNamespaces(mesh: Mesh): string[] {
  const { releases = [], resources = [] } = mesh.spec.adopted ?? {}
  const ofResources = resources.flatMap(({ spec }) =>
    typeof spec?.['namespace'] === 'string' ? [spec['namespace']] : [],
  )
  return [...releases.map(({ namespace }) => namespace), ...ofResources]
}

/** Helm values of istiod of a mesh that was taken over. */
export const adoptedValues = (spec: MeshSpec): Values => mergedValues(declaredValues(spec), spec.values ?? {})

/** What the fields of a mesh say as Helm values, and nothing else. */
export function declaredValues(spec: Omit<MeshSpec, 'mode' | 'controlPlane'> & Partial<MeshSpec>): Values {
  const { controlPlane, dataPlane = {}, tracing } = spec
  const { hub, size, resources, highAvailability } = controlPlane ?? {}
  const istiod = resources ?? (size === undefined ? undefined : ISTIOD_RESOURCES[size])
  const revision = controlPlane?.revision
  const said = {
    ...(spec.engine === 'Helm' && revision !== undefined && revision !== 'default' ? { revision } : {}),
    global: {
      hub,
      imagePullPolicy: dataPlane.imagePullPolicy,
      proxy: { resources: dataPlane.resources, logLevel: dataPlane.logLevel },
    },
    pilot: {
      resources: istiod,
      ...(highAvailability === undefined
        ? {}
        : highAvailability
          ? { autoscaleEnabled: true, autoscaleMin: 2 }
          : { autoscaleEnabled: false, replicaCount: 1 }),
      ...(tracing?.enabled === true ? { traceSampling: tracing.sampling ?? 1 } : {}),
    },
    meshConfig: meshConfigValues(spec),
    sidecarInjectorWebhook: { enableNamespacesByDefault: dataPlane.injectByDefault },
  }
  const values = withoutEmpty(said)
  return isRecord(values) ? values : {}
}
