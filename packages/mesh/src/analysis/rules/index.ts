import type { Rule } from '../analyzer.ts'
import { ambientRules } from './ambient.ts'
import { annotationRules } from './annotations.ts'
import { authorizationRules } from './authorization.ts'
import { destinationRules } from './destination-rules.ts'
import { envoyFilterRules } from './envoy-filters.ts'
import { gatewayApiRules } from './gateway-api.ts'
import { gatewayRules } from './gateways.ts'
import { injectionRules } from './injection.ts'
import { mutualTlsRules } from './mutual-tls.ts'
import { serviceEntryRules } from './service-entries.ts'
import { serviceRules } from './services.ts'
import { sidecarRules } from './sidecars.ts'
import { telemetryRules } from './telemetry.ts'
import { virtualServiceRules } from './virtual-services.ts'
import { routeRules } from './routes.ts'
import { visibilityRules } from './visibility.ts'
import { workloadRules } from './workloads.ts'

/** Everything that is looked for. */
export const RULES: readonly Rule[] = [
  ...virtualServiceRules,
  ...routeRules,
  ...destinationRules,
  ...gatewayRules,
  ...serviceEntryRules,
  ...sidecarRules,
  ...mutualTlsRules,
  ...authorizationRules,
  ...telemetryRules,
  ...envoyFilterRules,
  ...gatewayApiRules,
  ...ambientRules,
  ...visibilityRules,
  ...serviceRules,
  ...workloadRules,
  ...injectionRules,
  ...annotationRules,
]
