import type { FindingView, ServiceDetail } from '@meshdeck/contract'

/** What a service is checked for, in the order of the reference product's diagnosis, and the codes that fail each check. */
export const CHECKS = {
  sidecar: ['IST0102', 'IST0103', 'IST0123', 'IST0146', 'IST0147'],
  clusters: ['IST0170'],
  selector: ['MD2001'],
  protocol: ['IST0118', 'IST0150', 'MD0602'],
  shared: ['MD2002', 'IST0116', 'IST0137'],
  labels: ['MD2003'],
  appLabel: ['MD2004'],
  hostNetwork: ['MD2005'],
  withoutService: ['MD2006'],
} as const satisfies Record<string, readonly string[]>
export type Check = keyof typeof CHECKS | 'other'

/** Reasons of a service's health that fail a check, whether or not anybody asked for it to be so. */
const REASONS: Partial<Record<Check, readonly string[]>> = {
  sidecar: ['no-pod-injected', 'some-pods-not-injected'],
  clusters: ['ports-differ', 'selectors-differ', 'types-differ'],
}

/** Pods of a Deployment fail alike; a few are enough to see it. */
const SHOWN = 10

export interface CheckResult {
  check: Check
  /** What the service's own health says of it. */
  reasons: ServiceDetail['service']['reasons']
  findings: readonly FindingView[]
  /** Beyond those that are shown. */
  more: number
}

/** Findings about a service, its namespace, its workloads and pods, and the rules that name it, by check. */
export function diagnose(detail: ServiceDetail, findings: readonly FindingView[]): CheckResult[] {
  const { service, workloads, pods, rules } = detail
  const own = new Set([
    `Service ${service.namespace}/${service.name}`,
    `Namespace /${service.namespace}`,
    ...pods.map(({ namespace, name }) => `Pod ${namespace}/${name}`),
    ...workloads.map(({ kind, namespace, name }) => `${kind} ${namespace}/${name}`),
    ...rules.map(({ kind, namespace, name }) => `${kind} ${namespace}/${name}`),
  ])
  const about = findings.filter(({ kind, namespace, name }) => own.has(`${kind} ${namespace}/${name}`))
  const known = new Set<string>(Object.values(CHECKS).flat())
  const result = (check: Check, found: readonly FindingView[]): CheckResult => ({
    check,
    reasons: service.reasons.filter(({ code }) => REASONS[check]?.includes(code)),
    findings: found.slice(0, SHOWN),
    more: Math.max(0, found.length - SHOWN),
  })
  return [
    ...Object.entries(CHECKS).map(([check, codes]) =>
      result(
        // The boundary of Object.entries.
        check as Check,
        about.filter(({ code }) => codes.some((each) => each === code)),
      ),
    ),
    result(
      'other',
      about.filter(({ code }) => !known.has(code)),
    ),
  ]
}

/** The kubectl command that mends a finding about a Service; nothing where there is no sure one. */
export function repairCommand(finding: FindingView): string | undefined {
  const { kind, code, cluster, namespace, name, path } = finding
  if (kind !== 'Service') return undefined
  const place = /^spec\.ports\[(\d+)\]/.exec(path)?.[1]
  const patch =
    finding.fix?.map((fix) => ({
      op: fix.op === 'remove' ? 'remove' : 'add',
      path: `/${fix.path.join('/')}`,
      ...(fix.op === 'set' ? { value: fix.value } : {}),
    })) ??
    (code === 'IST0118' && place !== undefined
      ? [{ op: 'add', path: `/spec/ports/${place}/appProtocol`, value: 'http' }]
      : undefined)
  if (patch === undefined) return undefined
  return `kubectl --context ${cluster} -n ${namespace} patch service ${name} --type json -p '${JSON.stringify(patch)}'`
}
