import { exposeService, reachExternal } from './edge.ts'
import { allowOnly, strictMutualTls } from './security.ts'
import { faultInjection, mirror, timeoutAndRetry } from './requests.ts'
import { canary, circuitBreaking, splitTraffic } from './traffic.ts'
import type { Wizard } from './wizard.ts'

/** What people come to do, in the order in which it is offered. */
export const WIZARDS = {
  split: splitTraffic,
  canary,
  mirror,
  fault: faultInjection,
  timeout: timeoutAndRetry,
  breaker: circuitBreaking,
  mtls: strictMutualTls,
  allow: allowOnly,
  expose: exposeService,
  external: reachExternal,
} as const satisfies Record<string, Wizard>

export type WizardId = keyof typeof WIZARDS
