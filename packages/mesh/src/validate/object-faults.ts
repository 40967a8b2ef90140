import type { KubeResource } from '@meshdeck/kube'
import { fields, text, type Fields } from '../analysis/read.ts'
import { gatewayFaults, serviceEntryFaults, sidecarFaults } from './edge-faults.ts'
import { envoyFilterFaults, wasmPluginFaults } from './extension-faults.ts'
import type { ObjectFault } from './fault.ts'
import {
  authorizationFaults,
  peerAuthenticationFaults,
  requestAuthenticationFaults,
  telemetryFaults,
} from './security-faults.ts'
import { destinationRuleFaults, virtualServiceFaults } from './traffic-faults.ts'
import { proxyConfigFaults, workloadEntryFaults, workloadGroupFaults } from './workload-faults.ts'

const CHECKS: Readonly<Record<string, (spec: Fields, namespace: string) => ObjectFault[]>> = {
  'networking.istio.io/VirtualService': virtualServiceFaults,
  'networking.istio.io/DestinationRule': destinationRuleFaults,
  'networking.istio.io/Gateway': gatewayFaults,
  'networking.istio.io/ServiceEntry': serviceEntryFaults,
  'networking.istio.io/Sidecar': sidecarFaults,
  'security.istio.io/AuthorizationPolicy': authorizationFaults,
  'security.istio.io/PeerAuthentication': peerAuthenticationFaults,
  'security.istio.io/RequestAuthentication': requestAuthenticationFaults,
  'telemetry.istio.io/Telemetry': telemetryFaults,
  'networking.istio.io/WorkloadEntry': workloadEntryFaults,
  'networking.istio.io/WorkloadGroup': workloadGroupFaults,
  'networking.istio.io/ProxyConfig': proxyConfigFaults,
  'networking.istio.io/EnvoyFilter': envoyFilterFaults,
  'extensions.istio.io/WasmPlugin': wasmPluginFaults,
}

/**
 * What istiod's webhook, or a CRD's own rules, would hold against an object for how its parts go together. What is wrong with
 * one text alone is the business of the forms' rules. The webhook has the last word; docs/verdicts.md says how far they agree.
 */
export function objectFaults({ apiVersion, kind, metadata, spec }: KubeResource): ObjectFault[] {
  // An object that is being typed may not have these yet.
  const group = text(apiVersion).split('/')[0] ?? ''
  return CHECKS[`${group}/${kind}`]?.(fields(spec), text(fields(metadata)['namespace'])) ?? []
}
