/** The one registry of kinds: resource routes, the console's generic list, the chart's RBAC and the end-to-end table read it. */
import type { KindDefinition } from '../kind-definition.ts'
import { virtualService } from './virtual-service.ts'
import { destinationRule } from './destination-rule.ts'
import { gateway } from './gateway.ts'
import { serviceEntry } from './service-entry.ts'
import { sidecar } from './sidecar.ts'
import { workloadEntry } from './workload-entry.ts'
import { workloadGroup } from './workload-group.ts'
import { envoyFilter } from './envoy-filter.ts'
import { proxyConfig } from './proxy-config.ts'
import { peerAuthentication } from './peer-authentication.ts'
import { requestAuthentication } from './request-authentication.ts'
import { authorizationPolicy } from './authorization-policy.ts'
import { telemetry } from './telemetry.ts'
import { wasmPlugin } from './wasm-plugin.ts'
import { gatewayClass } from './gateway-class.ts'
import { k8sGateway } from './k8s-gateway.ts'
import { httpRoute } from './http-route.ts'
import { grpcRoute } from './grpc-route.ts'
import { referenceGrant } from './reference-grant.ts'
import { istio } from './istio.ts'
import { istioRevision } from './istio-revision.ts'
import { istioRevisionTag } from './istio-revision-tag.ts'
import { istioCni } from './istio-cni.ts'
import { ztunnel } from './ztunnel.ts'
import { mesh } from './mesh.ts'
import { cluster } from './cluster.ts'
import { restart } from './restart.ts'
import { serviceLevel } from './service-level.ts'
import { namespace } from './namespace.ts'
import { service } from './service.ts'
import { endpointSlice } from './endpoint-slice.ts'
import { pod } from './pod.ts'
import { deployment } from './deployment.ts'
import { statefulSet } from './stateful-set.ts'
import { daemonSet } from './daemon-set.ts'
import { replicaSet } from './replica-set.ts'
import { node } from './node.ts'
import { configMap } from './config-map.ts'
import { secret } from './secret.ts'
import { clusterRole } from './cluster-role.ts'
import { clusterRoleBinding } from './cluster-role-binding.ts'
import { clusterProfile } from './cluster-profile.ts'
import { kpandaCluster } from './kpanda-cluster.ts'
import { podDisruptionBudget } from './pod-disruption-budget.ts'
import { serviceAccount } from './service-account.ts'
import { event } from './event.ts'
import { mutatingWebhookConfiguration } from './mutating-webhook-configuration.ts'
import { validatingWebhookConfiguration } from './validating-webhook-configuration.ts'
import { customResourceDefinition } from './custom-resource-definition.ts'
import { lease } from './lease.ts'
import { controllerRevision } from './controller-revision.ts'

const definitions = [
  virtualService,
  destinationRule,
  gateway,
  serviceEntry,
  sidecar,
  workloadEntry,
  workloadGroup,
  envoyFilter,
  proxyConfig,
  peerAuthentication,
  requestAuthentication,
  authorizationPolicy,
  telemetry,
  wasmPlugin,
  gatewayClass,
  k8sGateway,
  httpRoute,
  grpcRoute,
  referenceGrant,
  istio,
  istioRevision,
  istioRevisionTag,
  istioCni,
  ztunnel,
  mesh,
  cluster,
  restart,
  serviceLevel,
  namespace,
  service,
  endpointSlice,
  pod,
  deployment,
  statefulSet,
  daemonSet,
  replicaSet,
  node,
  configMap,
  secret,
  serviceAccount,
  clusterRole,
  clusterRoleBinding,
  clusterProfile,
  kpandaCluster,
  podDisruptionBudget,
  event,
  mutatingWebhookConfiguration,
  validatingWebhookConfiguration,
  customResourceDefinition,
  lease,
  controllerRevision,
] as const

/** Name of a kind inside Meshdeck: the Kubernetes kind, save where two groups share one (`K8sGateway`). */
export type KindId = (typeof definitions)[number]['id']

/** All kinds Meshdeck knows, in menu order. */
export const KINDS: readonly (KindDefinition & { id: KindId })[] = definitions

const byId = new Map<string, KindDefinition & { id: KindId }>(KINDS.map((kind) => [kind.id, kind]))
const byPath = new Map<string, KindDefinition & { id: KindId }>(KINDS.map((kind) => [kind.path, kind]))
const byGvk = new Map<string, KindDefinition & { id: KindId }>(
  KINDS.map((kind) => [`${kind.group}/${kind.kind}`, kind]),
)

/** The definition of a known kind. */
export function kindOf(id: KindId): KindDefinition & { id: KindId } {
  const found = byId.get(id)
  if (!found) throw new Error(`unknown kind ${id}`)
  return found
}

/** Finds a kind by its id; `undefined` when it is not one of ours. */
export function findKind(id: string): (KindDefinition & { id: KindId }) | undefined {
  return byId.get(id)
}

/** Finds a kind by its route segment (`virtual-services`). */
export function findKindByPath(path: string): (KindDefinition & { id: KindId }) | undefined {
  return byPath.get(path)
}

/** Finds a kind by what an object says of itself, whatever version it is written in. */
export function findKindOfObject(apiVersion: string, kind: string): (KindDefinition & { id: KindId }) | undefined {
  const group = apiVersion.includes('/') ? (apiVersion.split('/')[0] ?? '') : ''
  return byGvk.get(`${group}/${kind}`)
}

/** `group/version`, or `version` alone for the core group. */
export function apiVersionOf(kind: KindDefinition): string {
  return kind.group === '' ? kind.version : `${kind.group}/${kind.version}`
}

/** Path of a kind, or of one object, on a Kubernetes API server. Names must be validated before (`assertName`). */
export function apiPath(kind: KindDefinition, namespace?: string, name?: string): string {
  const root = kind.group === '' ? `/api/${kind.version}` : `/apis/${kind.group}/${kind.version}`
  const scope = kind.namespaced && namespace !== undefined ? `/namespaces/${encodeURIComponent(namespace)}` : ''
  return `${root}${scope}/${kind.plural}${name === undefined ? '' : `/${encodeURIComponent(name)}`}`
}
