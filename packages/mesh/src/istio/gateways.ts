import { labelOf, type Labels } from '../injection/label-selector.ts'

const GATEWAY_TEMPLATE_ANNOTATION = 'inject.istio.io/templates'
const GATEWAY_API_LABEL = 'gateway.networking.k8s.io/gateway-name'
const GATEWAY_CLASS_LABEL = 'gateway.networking.k8s.io/gateway-class-name'
const MANAGED_LABEL = 'gateway.istio.io/managed'
const GATEWAY_NAME = /^istio-(ingress|egress|eastwest)(gateway)?$/

/**
 * Whether a workload is a gateway: by the labels of Istio's own gateways (`istio: ingressgateway`), by the injection
 * template of the gateway chart, or by the mark of a Kubernetes Gateway (waypoints have it as well).
 */
export function isGatewayWorkload(podLabels: Labels | undefined, podAnnotations?: Labels): boolean {
  const istio = labelOf(podLabels, 'istio')
  const templates = labelOf(podAnnotations, GATEWAY_TEMPLATE_ANNOTATION)?.split(',') ?? []
  return (
    (istio !== undefined && /gateway$|^(ingress|egress|eastwest)$/.test(istio)) ||
    templates.some((template) => template.trim() === 'gateway') ||
    labelOf(podLabels, GATEWAY_API_LABEL) !== undefined
  )
}

/** Whether a workload is a waypoint, by the labels that istiod gives to the Deployment of a Gateway of that class. */
export function isWaypointWorkload(podLabels: Labels | undefined): boolean {
  return (
    labelOf(podLabels, GATEWAY_CLASS_LABEL) === 'istio-waypoint' ||
    labelOf(podLabels, MANAGED_LABEL) === 'istio.io-mesh-controller'
  )
}

/** Whether the name is one that Istio's installers give to gateways; all that is known where only metrics are. */
export function isGatewayName(name: string): boolean {
  return GATEWAY_NAME.test(name)
}
