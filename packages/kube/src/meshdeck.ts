import type { IstioChart } from './helm.ts'
import type { Condition, KubeResource } from './metadata.ts'
import type { PrometheusSettings } from './prometheus-settings.ts'

/** Group and version of Meshdeck's own resources on the hub. */
export const MESHDECK_API_VERSION = 'meshdeck.io/v1alpha1'
/** Namespace on the hub that holds the clusters' credentials and the controller's lease. */
export const MESHDECK_NAMESPACE = 'meshdeck-system'
/** Field manager of everything that Meshdeck writes by server-side apply. */
export const FIELD_MANAGER = 'meshdeck'

/** What a cluster is made by, as far as Istio is installed otherwise there. */
export const PLATFORMS = ['Kubernetes', 'OpenShift'] as const
export type Platform = (typeof PLATFORMS)[number]

/** How Meshdeck reaches a cluster. Exactly one member is set. */
export interface ClusterAccess {
  /** Secret in `meshdeck-system` on the hub whose key `kubeconfig` holds an inline kubeconfig. */
  secretRef?: { name: string }
  /** Context of the kubeconfig that Meshdeck was started with; the credential never leaves that file. */
  kubeconfigContext?: string
  /** Name of a cluster of the container platform (kpanda); reached by the Secret that its `spec.secretRef` names. */
  kpandaCluster?: string
  /** `namespace/name` of a ClusterProfile; reached by the kubeconfig in the Secret that is labelled with its name. */
  clusterProfile?: string
}

/** On a Secret: the ClusterProfile whose kubeconfig it holds. Source: KEP-4322, "Secret format". */
export const PROFILE_LABEL = 'x-k8s.io/cluster-profile'
/** On such a Secret: for whom it was made; one without it is for everybody. */
export const CONSUMER_LABEL = 'x-k8s.io/cluster-inventory-consumer'
/** As whom Meshdeck looks for such Secrets. */
export const CONSUMER_NAME = 'meshdeck'

export interface ClusterSpec {
  displayName?: string
  provider?: string
  access: ClusterAccess
  prometheus?: PrometheusSettings
  network?: string
  region?: string
}

/** One Istio control plane found in a cluster. */
export interface DetectedIstio {
  /** `istio.io/rev` of the control plane; `default` when unlabelled. */
  revision: string
  /** Tag of the istiod image or chart (`1.30.3`); `unknown` when it cannot be told. */
  version: string
  namespace: string
  /** Ready istiod replicas of those wanted. */
  ready?: number
  replicas?: number
}

export const ClusterCondition = {
  Reachable: 'Reachable',
  Permitted: 'Permitted',
  OperatorReady: 'OperatorReady',
  HelmReady: 'HelmReady',
  PrometheusReachable: 'PrometheusReachable',
} as const
export type ClusterCondition = (typeof ClusterCondition)[keyof typeof ClusterCondition]

export interface ClusterStatus {
  conditions?: Condition[]
  /** Kubernetes version, `v1.36.3`. */
  version?: string
  nodes?: number
  platform?: Platform
  /** uid of the namespace kube-system: tells one cluster from another, whatever it is called. */
  clusterUid?: string
  istio?: DetectedIstio[]
  /** RFC 3339. */
  lastSeen?: string
  observedGeneration?: number
}

/** A cluster known to the hub. */
export interface Cluster extends KubeResource {
  kind: 'Cluster'
  spec: ClusterSpec
  status?: ClusterStatus
}

export const MeshMode = { Managed: 'Managed', Dedicated: 'Dedicated', External: 'External' } as const
export type MeshMode = (typeof MeshMode)[keyof typeof MeshMode]

export const MESH_SIZES = ['S50P200', 'S200P1000', 'S500P2000', 'S2000P8000', 'S5000P20000'] as const
export type MeshSize = (typeof MESH_SIZES)[number]

/** Of a container, in Kubernetes' quantities. */
export interface Resources {
  requests?: { cpu?: string; memory?: string }
  limits?: { cpu?: string; memory?: string }
}

/** What installs Istio: the Sail Operator's resources, or releases of Istio's own charts. */
export const MESH_ENGINES = ['Sail', 'Helm'] as const
export type MeshEngine = (typeof MESH_ENGINES)[number]

/** Istio's LocalityLoadBalancerSetting: where traffic of a place goes. Of `distribute` and `failover` one at most. */
export interface LocalitySetting {
  /** On in Istio where nothing is said. */
  enabled?: boolean
  /** Places are `REGION`, `REGION/ZONE` or `REGION/ZONE/SUBZONE`, with `*` as the last part for all; shares make 100. */
  distribute?: { from: string; to: Record<string, number> }[]
  /** Regions. */
  failover?: { from: string; to: string }[]
  failoverPriority?: string[]
}

/** When a host is left out of load balancing for a while; of Istio's OutlierDetection what goes for a whole mesh. */
export interface OutlierDetection {
  /** Errors in a row. */
  consecutive5xxErrors?: number
  /** How often hosts are looked at, and how long one is left out at first: `10s`. */
  interval?: string
  baseEjectionTime?: string
  /** Share of a service's hosts that may be left out, in percent. */
  maxEjectionPercent?: number
}

export interface MeshMember {
  cluster: string
  network?: string
  /** By default the one that was found there. */
  platform?: Platform
  /** Address of the member's API server as istiod reaches it; by default the one by which Meshdeck does. */
  apiServer?: string
  values?: Record<string, unknown>
}

/** A Helm release of Istio's own charts that was there before the mesh. */
export interface AdoptedRelease {
  chart: IstioChart
  name: string
  namespace: string
  /** As they are; those of istiod are said by the mesh itself. */
  values?: Record<string, unknown>
}

/** A resource of the Sail Operator that was there before the mesh. */
export interface AdoptedResource {
  kind: 'Istio' | 'IstioCNI' | 'ZTunnel'
  name: string
  /** As it is, save its version, and the values of an Istio, which are said by the mesh itself. */
  spec?: Record<string, unknown>
}

/** How much of the history of a mesh's configuration is kept. */
export interface HistoryLimits {
  /** Entries of one object. */
  perObject?: number
  /** Entries in all. */
  total?: number
  /** Largest state that is kept, in bytes of JSON; of a larger one only that it changed. */
  maxBytes?: number
}

export interface MeshSpec {
  displayName?: string
  mode: MeshMode
  /** `Sail` by default. */
  engine?: MeshEngine
  controlPlane: {
    cluster: string
    /** Exact version; for an external mesh what was detected when it was attached. */
    version?: string
    /** Namespace of istiod and root namespace of the configuration; `istio-system` by default. */
    namespace?: string
    /** Of the control plane's cluster; by default the one that was found there. */
    platform?: Platform
    revision?: string
    updateStrategy?: 'InPlace' | 'RevisionBased'
    /** Where Istio's images come from, for mirrors. */
    hub?: string
    /** Where Istio's charts come from (`oci://…`, `https://…`), for mirrors; by default the controller's own setting. */
    charts?: string
    /** How members come to istiod: by a load balancer, or at an address that somebody else has set up. */
    access?: {
      type?: 'LoadBalancer' | 'NodePort' | 'ClusterIP'
      annotations?: Record<string, string>
      address?: string
    }
    /** For how many services (S) and pods (P) istiod is laid out; `resources` wins. */
    size?: MeshSize
    resources?: Resources
    /** Several istiod that stand in for each other. */
    highAvailability?: boolean
  }
  dataPlane?: {
    mode?: 'Sidecar' | 'Ambient'
    /** Sidecars in every namespace that does not say otherwise. */
    injectByDefault?: boolean
    /** What sidecars learn of where nothing else is said: the whole mesh, or their own namespace and the root one. */
    discovery?: 'All' | 'Local'
    resources?: Resources
    logLevel?: string
    imagePullPolicy?: 'Always' | 'IfNotPresent' | 'Never'
  }
  traffic?: {
    outbound?: 'ALLOW_ANY' | 'REGISTRY_ONLY'
    locality?: LocalitySetting
    /** For all services that have no DestinationRule of their own; without it no traffic fails over. */
    outlierDetection?: OutlierDetection
    retries?: { attempts: number; retryOn?: string[] }
  }
  tracing?: {
    enabled: boolean
    /** Percentage of requests, 0 to 100. */
    sampling?: number
    /** Host of an OpenTelemetry collector (OTLP over gRPC). */
    service?: string
    port?: number
  }
  /** Consoles of other programs, to which the monitoring pages link: addresses that begin with http:// or https://. */
  links?: {
    /** A Grafana that reads the mesh's Prometheus. */
    grafana?: string
    /** Where traces are found; `{service}` in it stands for `name.namespace`, `{from}` and `{to}` for Unix milliseconds. */
    tracing?: string
  }
  /** The authority that istiod signs with; for a mesh of several clusters one is made where none is named. */
  trust?: {
    /** Secret in `meshdeck-system` on the hub with `root-cert.pem`, `ca-cert.pem`, `ca-key.pem` and `cert-chain.pem`. */
    secretRef?: { name: string }
  }
  /**
   * What the mesh has taken over of an Istio that was there before: naming it is the consent. What is not named stays its
   * owner's. Only what the mesh says is said to Istio then; Meshdeck adds nothing of its own.
   */
  adopted?: {
    /** Version that was there; another one in `controlPlane` upgrades. */
    version?: string
    releases?: AdoptedRelease[]
    resources?: AdoptedResource[]
  }
  members?: MeshMember[]
  networks?: unknown[]
  /** Of several meshes with one cluster in common the one that keeps the most decides there. */
  history?: HistoryLimits
  /** Deletion is refused while it is on. */
  protected?: boolean
  values?: Record<string, unknown>
}

export const MeshPhase = {
  Pending: 'Pending',
  Creating: 'Creating',
  Running: 'Running',
  Degraded: 'Degraded',
  Failed: 'Failed',
  Deleting: 'Deleting',
} as const
export type MeshPhase = (typeof MeshPhase)[keyof typeof MeshPhase]

/** What the controller says of a mesh: whether it was found, or how far its installation and its removal have come. */
export const MESH_CONDITIONS = [
  'ControlPlaneFound',
  'MembersReachable',
  'EngineReady',
  'NamespacesReady',
  'TrustReady',
  'ControlPlaneReady',
  'NodeAgentsReady',
  'GatewaysReady',
  'DefaultsReady',
  'ReaderReady',
  'RemoteSecretsReady',
  'Removed',
] as const
export type MeshCondition = (typeof MESH_CONDITIONS)[number]

export interface MeshMemberStatus {
  cluster: string
  phase: MeshPhase
  conditions?: Condition[]
}

export interface MeshStatus {
  phase?: MeshPhase
  conditions?: Condition[]
  version?: string
  members?: MeshMemberStatus[]
  /** The authority that istiod signs with, where Meshdeck has put it there. */
  trust?: {
    source: 'Generated' | 'Secret'
    /** RFC 3339: ends of the root and of the authority under it. */
    rootNotAfter: string
    notAfter: string
  }
  observedGeneration?: number
}

/** A service mesh: the desired state in `spec`, what was found in `status`. */
export interface Mesh extends KubeResource {
  kind: 'Mesh'
  spec: MeshSpec
  status?: MeshStatus
}

/** Clusters that belong to a mesh: the control plane's first, then the members, each once. */
export function meshClusters(mesh: Mesh): string[] {
  return [...new Set([mesh.spec.controlPlane.cluster, ...(mesh.spec.members ?? []).map((member) => member.cluster)])]
}

/** Clusters where something of a mesh is or may be: its own, and those that have left it and are still being cleared. */
export function meshFootprint(mesh: Mesh): string[] {
  return [...new Set([...meshClusters(mesh), ...(mesh.status?.members ?? []).map(({ cluster }) => cluster)])]
}
