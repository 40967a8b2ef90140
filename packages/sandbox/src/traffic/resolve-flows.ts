import type { ClusterApi } from '../store/cluster-api.ts'
import { latencyShareBelow } from './latency.ts'
import { admits, isStrict } from './policies.ts'
import { disablesTls, routeTo } from './routing.ts'
import type { Route, RouteDestination } from './routing.ts'
import { Rules } from './rules.ts'
import type { Behaviour, Call, Traffic } from './traffic.ts'
import { inMesh, runningWorkloads, selectedBy } from './workloads.ts'
import type { RunningWorkload } from './workloads.ts'

/** Requests of one kind between two ends, all with one outcome. */
export interface Flow {
  readonly from: RunningWorkload
  /** None for a host outside, and for requests that never got anywhere. */
  readonly to?: RunningWorkload
  /** `name.namespace`, or the host outside. */
  readonly service: string
  readonly outside?: 'declared' | 'undeclared'
  /** Namespace of the ServiceEntry that declares a host outside. */
  readonly declaredIn?: string
  readonly protocol: Call['protocol']
  /** Requests or connections a second. */
  readonly perSecond: number
  readonly code: number
  readonly grpcStatus?: number
  readonly flags: string
  /** Whether the server's proxy saw it. */
  readonly arrived: boolean
  readonly mutual: boolean
  readonly latencyMs: Behaviour['latencyMs']
  readonly responseBytes: number
}

export interface TrafficCluster {
  readonly name: string
  /** Clusters of one mesh share their Services. */
  readonly mesh: string
  readonly api: ClusterApi
}

const STANDARD: Behaviour = { latencyMs: { median: 10, p99: 80 } }
const RESPONSE_BYTES = 3_200
/** A share that nobody would see in a day. */
const NEGLIGIBLE = 1e-6
/** Longer chains of calls are cut here, and circles as well. */
const MAX_DEPTH = 12
const FAST: Behaviour['latencyMs'] = { median: 1, p99: 3 }

/** What flows between the workloads that run now, under the configuration that holds now. */
export function resolveFlows(traffic: Traffic, clusters: readonly TrafficCluster[]): readonly Flow[] {
  const world = new World(clusters)
  const byCaller = Map.groupBy(traffic.calls, ({ cluster, from }) => `${cluster} ${from}`)
  // What becomes of a call does not depend on how often it is made, so once is enough to know.
  const ofOne = new Map<Call, readonly Flow[]>()
  const rates = new Map<Call, number>()
  // Each round carries further what the one before has handled.
  let moving = new Map<string, number>()
  const send = (call: Call, perSecond: number, next: Map<string, number>): void => {
    rates.set(call, (rates.get(call) ?? 0) + perSecond)
    let flows = ofOne.get(call)
    if (flows === undefined) ofOne.set(call, (flows = world.flowsOf(call, traffic.behaviours)))
    for (const flow of flows) {
      if (flow.to === undefined || !flow.arrived || flow.code >= 400) continue
      const key = `${flow.to.cluster} ${flow.to.namespace}/${flow.to.name}`
      next.set(key, (next.get(key) ?? 0) + perSecond * flow.perSecond)
    }
  }
  for (const call of traffic.calls) if (call.perSecond !== undefined) send(call, call.perSecond, moving)
  for (let depth = 0; depth < MAX_DEPTH && moving.size > 0; depth++) {
    const next = new Map<string, number>()
    for (const [caller, perSecond] of moving) {
      for (const call of byCaller.get(caller) ?? []) {
        if (call.perRequest !== undefined) send(call, perSecond * call.perRequest, next)
      }
    }
    moving = next
  }
  return [...ofOne].flatMap(([call, flows]) => {
    const perSecond = rates.get(call) ?? 0
    return flows.map((flow) => ({ ...flow, perSecond: flow.perSecond * perSecond }))
  })
}

interface KnownCluster extends TrafficCluster {
  readonly rules: Rules
  readonly workloads: ReadonlyMap<string, RunningWorkload>
  readonly byNamespace: ReadonlyMap<string, readonly RunningWorkload[]>
}

class World {
  readonly #clusters: ReadonlyMap<string, KnownCluster>
  readonly #routes = new Map<string, Route>()

  constructor(clusters: readonly TrafficCluster[]) {
    this.#clusters = new Map(
      clusters.map((cluster) => {
        const workloads = runningWorkloads(cluster.name, cluster.api)
        const byNamespace = Map.groupBy(workloads.values(), ({ namespace }) => namespace)
        return [cluster.name, { ...cluster, rules: new Rules(cluster.api), workloads, byNamespace }]
      }),
    )
  }

  /** What becomes of a call that is made once a second. */
  flowsOf(call: Call, behaviours: Traffic['behaviours']): Flow[] {
    const cluster = this.#clusters.get(call.cluster)
    const from = cluster?.workloads.get(call.from)
    if (cluster === undefined || from === undefined) return []
    const base = {
      from,
      protocol: call.protocol,
      service: call.to,
      mutual: false,
      responseBytes: call.bytesPerConnection ?? RESPONSE_BYTES,
    }
    if (!this.#isService(cluster, call.to)) return outside(cluster.rules, base)
    // Without a proxy nobody looks at the rules.
    const route =
      from.hasProxy && call.protocol !== 'tcp'
        ? this.#routeTo(cluster, call.to)
        : { destinations: [{ service: call.to, share: 1 }] }
    const flows: Flow[] = []
    const aborted = route.abort?.share ?? 0
    if (route.abort !== undefined && aborted > 0) {
      const { code } = route.abort
      flows.push({ ...base, perSecond: aborted, code, flags: 'FI', arrived: false, latencyMs: FAST })
    }
    for (const destination of route.destinations) {
      const rate = (1 - aborted) * destination.share
      if (rate > 0)
        flows.push(
          ...this.#deliver(cluster, { ...base, service: destination.service }, destination, rate, behaviours, route),
        )
    }
    return flows
  }

  #deliver(
    cluster: KnownCluster,
    base: Pick<Flow, 'from' | 'protocol' | 'service' | 'mutual' | 'responseBytes'>,
    destination: RouteDestination,
    rate: number,
    behaviours: Traffic['behaviours'],
    route: { readonly delay?: { share: number; ms: number }; readonly timeoutMs?: number },
  ): Flow[] {
    const { from } = base
    const lost = (code: number, flags: string, to?: RunningWorkload): Flow => ({
      ...base,
      ...(to === undefined ? {} : { to }),
      perSecond: rate,
      code,
      flags,
      arrived: false,
      latencyMs: FAST,
    })
    if (destination.unknownSubset === true) return [lost(503, 'NC')]
    const all = this.#behind(cluster, destination.service)
    const fitting = all.filter(({ labels }) =>
      Object.entries(destination.labels ?? {}).every(([key, value]) => labels[key] === value),
    )
    const local = fitting.filter((workload) => workload.cluster === cluster.name)
    const targets = local.length > 0 ? local : fitting
    const pods = targets.reduce((sum, { readyPods }) => sum + readyPods, 0)
    if (pods === 0) return [lost(503, 'UH')]
    return targets.flatMap((to) => {
      const perSecond = (rate * to.readyPods) / pods
      const { rules } = this.#clusters.get(to.cluster) ?? cluster
      const mutual = inMesh(from) && inMesh(to) && !disablesTls(cluster.rules, destination.service)
      if (to.hasProxy && !mutual && isStrict(rules, to)) return [{ ...lost(503, 'UF,URX', to), perSecond }]
      if (to.hasProxy && !admits(rules, from, to, mutual)) {
        return [{ ...base, to, mutual, perSecond, code: 403, flags: '-', arrived: true, latencyMs: FAST }]
      }
      return answers({ ...base, to, mutual }, perSecond, behaviours[`${to.namespace}/${to.name}`] ?? STANDARD, route)
    })
  }

  #routeTo(cluster: KnownCluster, service: string): Route {
    const key = `${cluster.name} ${service}`
    let route = this.#routes.get(key)
    if (route === undefined) this.#routes.set(key, (route = routeTo(cluster.rules, service)))
    return route
  }

  /** Ready workloads of all clusters of the mesh behind a Service. */
  #behind(cluster: KnownCluster, service: string): readonly RunningWorkload[] {
    const [name = '', namespace = ''] = service.split('.')
    return [...this.#clusters.values()]
      .filter((other) => other.mesh === cluster.mesh)
      .flatMap((other) => {
        const found = other.api.get('services', namespace, name)
        return found === undefined ? [] : selectedBy(found, other.byNamespace.get(namespace) ?? [])
      })
  }

  #isService(cluster: KnownCluster, service: string): boolean {
    const [name = '', namespace = '', ...rest] = service.split('.')
    return (
      rest.length === 0 &&
      [...this.#clusters.values()].some(
        (other) => other.mesh === cluster.mesh && other.api.get('services', namespace, name) !== undefined,
      )
    )
  }
}

/** What a server's answers are: its own failures, those that came too late, and the rest. */
function answers(
  base: Pick<Flow, 'from' | 'to' | 'protocol' | 'service' | 'mutual' | 'responseBytes'>,
  perSecond: number,
  { latencyMs, failures, responseBytes }: Behaviour,
  { delay, timeoutMs }: { readonly delay?: { share: number; ms: number }; readonly timeoutMs?: number },
): Flow[] {
  const sized = { ...base, responseBytes: responseBytes ?? base.responseBytes }
  const late = timeoutMs === undefined || base.protocol === 'tcp' ? 0 : 1 - latencyShareBelow(latencyMs, timeoutMs)
  const failed = failures?.share ?? 0
  const flows: Flow[] = []
  const add = (
    share: number,
    code: number,
    flags: string,
    arrived: boolean,
    latency: Behaviour['latencyMs'],
    grpcStatus?: number,
  ): void => {
    if (share < NEGLIGIBLE) return
    flows.push({
      ...sized,
      perSecond: perSecond * share,
      code,
      flags,
      arrived,
      latencyMs: latency,
      ...(grpcStatus === undefined ? {} : { grpcStatus }),
    })
  }
  if (timeoutMs !== undefined) add(late, 504, 'UT', false, { median: timeoutMs, p99: timeoutMs * 1.01 })
  if (failures !== undefined) add((1 - late) * failed, failures.code, '-', true, latencyMs, failures.grpcStatus)
  const good = (1 - late) * (1 - failed)
  const slowed = delay?.share ?? 0
  if (delay !== undefined) {
    add(good * slowed, 200, 'DI', true, { median: latencyMs.median + delay.ms, p99: latencyMs.p99 + delay.ms })
  }
  add(good * (1 - slowed), 200, '-', true, latencyMs)
  return flows
}

function outside(rules: Rules, base: Pick<Flow, 'from' | 'protocol' | 'service' | 'mutual' | 'responseBytes'>): Flow[] {
  const entry = rules.serviceEntryFor(base.service)
  const { namespace } = entry?.metadata ?? {}
  return [
    {
      ...base,
      outside: entry === undefined ? 'undeclared' : 'declared',
      ...(namespace === undefined ? {} : { declaredIn: namespace }),
      perSecond: 1,
      code: 200,
      flags: '-',
      arrived: false,
      latencyMs: { median: 30, p99: 120 },
    },
  ]
}
