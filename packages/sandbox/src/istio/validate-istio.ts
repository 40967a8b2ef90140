import type { KubeObject } from '../kube-object.ts'
import { validateAuthorizationPolicy } from './validate-authorization-policy.ts'
import { validateDestinationRule, validateGateway } from './validate-traffic-policy.ts'
import { validateVirtualService } from './validate-virtual-service.ts'

export interface Verdict {
  readonly errors: readonly string[]
  readonly warnings: readonly string[]
}

/** Checks of istiod's own that the definitions' schemas do not make. Other kinds are left to their schema. */
const CHECKS: Readonly<Record<string, (object: KubeObject) => Verdict>> = {
  VirtualService: validateVirtualService,
  DestinationRule: validateDestinationRule,
  Gateway: validateGateway,
  AuthorizationPolicy: validateAuthorizationPolicy,
}

/** What istiod's validation webhook says of an object, in its words. */
export function validateIstio(object: KubeObject): Verdict {
  return CHECKS[object.kind]?.(object) ?? { errors: [], warnings: [] }
}
