import { labelOf, type Labels } from '../injection/label-selector.ts'

const GATEWAY_TEMPLATE_ANNOTATION = 'inject.istio.io/templates'
const GATEWAY_API_LABEL = 'gateway.networking.k8s.io/gateway-name'
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

/** Whether the name is one that Istio's installers give to gateways; all that is known where only metrics are. */
export function isGatewayName(name: string): boolean {
  return GATEWAY_NAME.test(name)
}
