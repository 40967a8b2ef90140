/** What the mesh's configuration makes of a call: where it goes, in which shares, and what is done to it on the way. */
import { isRecord, listAt, numberAt, recordAt, textAt } from '../json.ts'
import type { KubeObject } from '../kube-object.ts'
import { serviceName } from './rules.ts'
import type { Rules } from './rules.ts'

export interface Route {
  readonly destinations: readonly RouteDestination[]
  /** Share of requests, 0 to 1, that the caller's proxy answers itself, and by which status. */
  readonly abort?: { readonly share: number; readonly code: number }
  readonly delay?: { readonly share: number; readonly ms: number }
  readonly timeoutMs?: number
}

export interface RouteDestination {
  /** A Service as `name.namespace`. */
  readonly service: string
  /** Labels of the subset; none when all versions are meant. */
  readonly labels?: Readonly<Record<string, string>>
  /** The rule names a subset that no DestinationRule describes. */
  readonly unknownSubset?: boolean
  /** Share of the requests, 0 to 1. */
  readonly share: number
}

/** The route of calls to a Service, by the first rule that takes requests without asking for anything in them. */
export function routeTo(rules: Rules, service: string): Route {
  const rule = oldest(rules.virtualServicesFor(service))
  if (rule !== undefined) {
    const http = listAt(rule, 'spec', 'http').find((route) => takesAll(route))
    if (http !== undefined) return virtualServiceRoute(rules, rule, http, service)
  }
  const attached = oldest(rules.httpRoutesFor(service))
  if (attached !== undefined) return httpRoute(attached, service)
  return { destinations: [{ service, share: 1 }] }
}

function virtualServiceRoute(rules: Rules, rule: KubeObject, http: unknown, service: string): Route {
  const namespace = rule.metadata.namespace ?? ''
  const routes = listAt(http, 'route')
  const total = routes.reduce<number>((sum, route) => sum + (numberAt(route, 'weight') ?? 0), 0)
  const destinations = routes.map((route) => {
    const host = serviceName(textAt(route, 'destination', 'host') ?? service, namespace)
    const subset = textAt(route, 'destination', 'subset')
    const labels = subset === undefined ? undefined : subsetLabels(rules, host, subset)
    return {
      service: host,
      share: total > 0 ? (numberAt(route, 'weight') ?? 0) / total : 1 / routes.length,
      ...(labels === undefined ? {} : { labels }),
      ...(subset !== undefined && labels === undefined ? { unknownSubset: true } : {}),
    }
  })
  const fault = recordAt(http, 'fault')
  const code = numberAt(fault, 'abort', 'httpStatus')
  const delayMs = milliseconds(textAt(fault, 'delay', 'fixedDelay'))
  const timeoutMs = milliseconds(textAt(http, 'timeout'))
  return {
    destinations: destinations.length === 0 ? [{ service, share: 1 }] : destinations,
    ...(code === undefined ? {} : { abort: { share: percentage(fault['abort']), code } }),
    ...(delayMs === undefined ? {} : { delay: { share: percentage(fault['delay']), ms: delayMs } }),
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
  }
}

function httpRoute(route: KubeObject, service: string): Route {
  const refs = listAt(listAt(route, 'spec', 'rules')[0], 'backendRefs')
  const total = refs.reduce<number>((sum, ref) => sum + (numberAt(ref, 'weight') ?? 1), 0)
  if (total === 0) return { destinations: [{ service, share: 1 }] }
  return {
    destinations: refs.map((ref) => ({
      service: `${textAt(ref, 'name') ?? ''}.${textAt(ref, 'namespace') ?? route.metadata.namespace ?? ''}`,
      share: (numberAt(ref, 'weight') ?? 1) / total,
    })),
  }
}

/** Labels of a subset by the DestinationRule of its host. */
function subsetLabels(rules: Rules, service: string, subset: string): Record<string, string> | undefined {
  for (const rule of rules.destinationRulesFor(service)) {
    const found = listAt(rule, 'spec', 'subsets').find((candidate) => textAt(candidate, 'name') === subset)
    if (found === undefined) continue
    return Object.fromEntries(Object.entries(recordAt(found, 'labels')).map(([name, value]) => [name, String(value)]))
  }
  return undefined
}

/** Whether proxies may not use mTLS to a Service, by its DestinationRule. */
export function disablesTls(rules: Rules, service: string): boolean {
  return rules
    .destinationRulesFor(service)
    .some((rule) => textAt(rule, 'spec', 'trafficPolicy', 'tls', 'mode') === 'DISABLE')
}

/** The demand says nothing of paths and headers, so a rule that asks for some is passed over; `/` asks for nothing. */
function takesAll(route: unknown): boolean {
  const matches = listAt(route, 'match')
  return (
    matches.length === 0 ||
    matches.some(
      (match) =>
        textAt(match, 'uri', 'prefix') === '/' &&
        Object.keys(recordAt(match)).every((key) => key === 'uri' || key === 'name'),
    )
  )
}

function oldest(objects: readonly KubeObject[]): KubeObject | undefined {
  return objects.toSorted(
    (a, b) =>
      (a.metadata.creationTimestamp ?? '').localeCompare(b.metadata.creationTimestamp ?? '') ||
      a.metadata.name.localeCompare(b.metadata.name),
  )[0]
}

function percentage(fault: unknown): number {
  const value = isRecord(fault) ? numberAt(fault, 'percentage', 'value') : undefined
  return value === undefined ? 1 : Math.min(1, value / 100)
}

function milliseconds(duration: string | undefined): number | undefined {
  const match = /^(\d+(?:\.\d+)?)(ms|s|m|h)$/.exec(duration ?? '')
  if (!match) return undefined
  const unit = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 }[match[2] ?? ''] ?? 1
  return Number(match[1]) * unit
}
