import { objectFaults } from '@meshdeck/mesh'
import type { KubeObject } from '../kube-object.ts'
import { validateAuthorizationPolicy } from './validate-authorization-policy.ts'
import { validateDestinationRule, validateGateway } from './validate-traffic-policy.ts'
import { validateVirtualService } from './validate-virtual-service.ts'

export interface Verdict {
  readonly errors: readonly string[]
  readonly warnings: readonly string[]
}

/** Checks of which istiod's own words are kept. */
const CHECKS: Readonly<Record<string, (object: KubeObject) => Verdict>> = {
  VirtualService: validateVirtualService,
  DestinationRule: validateDestinationRule,
  Gateway: validateGateway,
  AuthorizationPolicy: validateAuthorizationPolicy,
}

/**
 * What istiod's validation webhook says of an object: in its words where these are known, otherwise by the field and what is
 * held against it. Those rules are compared with a real istiod for every kind; see docs/verdicts.md.
 */
export function validateIstio(object: KubeObject): Verdict {
  const verdict = CHECKS[object.kind]?.(object) ?? { errors: [], warnings: [] }
  if (verdict.errors.length > 0) return verdict
  return { ...verdict, errors: objectFaults(object).map(({ field, code }) => `${field}: ${wordsOf(code)}`) }
}

/** `hostValue` as `host value`. */
const wordsOf = (code: string): string => code.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)
