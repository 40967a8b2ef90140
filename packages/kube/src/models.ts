/**
 * Types of the objects that Meshdeck reads, over the kept @kubernetes-models packages (types only, nothing reaches a bundle).
 * Each is open (`KubeResource`): fields that a model does not know stay in the object.
 */
import type { IHTTPRoute } from '@kubernetes-models/gateway-api/gateway.networking.k8s.io/v1/HTTPRoute'
import type { IDestinationRule } from '@kubernetes-models/istio/networking.istio.io/v1/DestinationRule'
import type { IGateway } from '@kubernetes-models/istio/networking.istio.io/v1/Gateway'
import type { IServiceEntry } from '@kubernetes-models/istio/networking.istio.io/v1/ServiceEntry'
import type { IVirtualService } from '@kubernetes-models/istio/networking.istio.io/v1/VirtualService'
import type { IDaemonSet } from 'kubernetes-models/apps/v1/DaemonSet'
import type { IDeployment } from 'kubernetes-models/apps/v1/Deployment'
import type { IReplicaSet } from 'kubernetes-models/apps/v1/ReplicaSet'
import type { IStatefulSet } from 'kubernetes-models/apps/v1/StatefulSet'
import type { INamespace } from 'kubernetes-models/v1/Namespace'
import type { IPod } from 'kubernetes-models/v1/Pod'
import type { IService } from 'kubernetes-models/v1/Service'
import type { KubeResource } from './metadata.ts'

type Open<Model extends { spec?: unknown; status?: unknown }> = KubeResource & {
  spec?: Model['spec']
  status?: Model['status']
}

export type VirtualService = Open<IVirtualService>
export type DestinationRule = Open<IDestinationRule>
export type Gateway = Open<IGateway>
export type ServiceEntry = Open<IServiceEntry>
export type HTTPRoute = Open<IHTTPRoute>
export type Namespace = Open<INamespace>
export type Pod = Open<IPod>
export type Service = Open<IService>
export type Deployment = Open<IDeployment>
export type StatefulSet = Open<IStatefulSet>
export type DaemonSet = Open<IDaemonSet>
export type ReplicaSet = Open<IReplicaSet>
