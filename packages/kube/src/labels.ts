/** Names of Istio's labels and annotations that Meshdeck reads or writes. Source: https://istio.io/latest/docs/reference/config/labels/ */
export const INJECTION_LABEL = 'istio-injection'
export const REVISION_LABEL = 'istio.io/rev'
export const POD_INJECT_LABEL = 'sidecar.istio.io/inject'
export const DATAPLANE_MODE_LABEL = 'istio.io/dataplane-mode'
export const SIDECAR_STATUS_ANNOTATION = 'sidecar.istio.io/status'
export const RESTARTED_AT_ANNOTATION = 'kubectl.kubernetes.io/restartedAt'
export const PROXY_CONTAINER = 'istio-proxy'
export const CANONICAL_NAME_LABEL = 'service.istio.io/canonical-name'
export const CANONICAL_REVISION_LABEL = 'service.istio.io/canonical-revision'
/** What Meshdeck makes in a cluster carries these; nothing else is ever changed or deleted by it. */
export const MANAGED_BY_LABEL = 'app.kubernetes.io/managed-by'
export const MESH_LABEL = 'meshdeck.io/mesh'
/** Namespaces that Istio's webhook never injects into. */
export const NEVER_INJECTED_NAMESPACES: readonly string[] = [
  'kube-system',
  'kube-public',
  'kube-node-lease',
  'local-path-storage',
]
