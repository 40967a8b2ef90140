import type { KubeResource } from '@meshdeck/kube'
import { fields, isEmpty, text } from '../analysis/read.ts'
import { registryOf, type RegistryHost } from '../analysis/registry.ts'
import type { World } from '../analysis/world.ts'
import { ownNamespace, type Party } from './caller.ts'
import { findSubset, policyOf, rulesInForce, type Policy } from './destination-rules.ts'
import { endpointsOf, type Endpoints } from './endpoints.ts'
import { placeOf, together, type Branch, type Hop, type Outcomes, type Step } from './explanation.ts'
import { namespaceMode } from './peer-modes.ts'
import { serve, type Arrival, type Transport } from './server.ts'

/** Where a route, or the lack of one, sends a request. */
export interface Target {
  host: string
  port: number | undefined
  subset: string
  weight: number
  /** The route that names it. */
  by?: { object: KubeResource; kind: 'VirtualService' | 'HTTPRoute'; path: string }
}

export interface Sender {
  hop: Hop
  party: Party
  /** Without a proxy nothing is looked up: the connection just goes to the service. */
  proxy: boolean
  arrival: Omit<Arrival, 'transport'>
}

/** Everything from a chosen destination to the application behind it. */
export function followTarget(world: World, sender: Sender, target: Target): Branch {
  const { hop, party, arrival } = sender
  const isHttp = arrival.request.protocol === 'http'
  const unavailable = { verdict: 'fails' as const, ...(isHttp ? { status: 503 } : {}) }
  const known = registryOf(world).covering(target.host, party.namespace)
  const port = target.port ?? onlyPort(known) ?? arrival.request.port
  const base = { host: target.host, port, subset: target.subset, weight: target.weight }
  const cluster = `outbound|${port}|${target.subset}|${known[0]?.host ?? target.host}`
  const steps: Step[] = [
    {
      hop,
      outcome: 'ok',
      code: 'destination.weight',
      values: { host: target.host, port: String(port), subset: target.subset, weight: String(target.weight) },
      ...(target.by && { place: placeOf(world.cluster, target.by.kind, target.by.object, target.by.path) }),
    },
  ]
  const end = (outcomes: Outcomes, ...more: Step[]): Branch => ({
    ...base,
    cluster,
    ...outcomes,
    steps: [...steps, ...more],
  })
  const isListed = known.some(({ ports }) => ports.some((each) => each.number === port))
  if (known.length === 0 || !isListed) {
    const seesAll = world.sees('Service', 'ServiceEntry')
    const outcomes = seesAll ? unavailable : ({ verdict: 'depends' } as const)
    const code = known.length === 0 ? (seesAll ? 'destination.unknown' : 'host.hidden') : 'port.missing'
    const values = { host: target.host, port: String(port), ports: portsOf(known) }
    return end(outcomes, { hop, outcome: seesAll ? 'stop' : 'open', code, values })
  }
  if (!sender.proxy) return arrive(endpointsOf(world, known, {}, port), { mode: isTls(arrival) ? 'own-tls' : 'plain' })

  const owner = known[0]?.namespace ?? ''
  const { rules, steps: found } = rulesInForce(world, hop, party, { host: known[0]?.host ?? target.host, owner })
  steps.push(...found)
  const subset = findSubset(rules, target.subset)
  if (target.subset !== '') {
    const values = { subset: target.subset, host: target.host, labels: printLabels(subset?.labels ?? {}) }
    if (subset === undefined) return end(unavailable, { hop, outcome: 'stop', code: 'subset.missing', values })
    steps.push({
      hop,
      outcome: 'ok',
      code: 'subset.found',
      values,
      place: placeOf(world.cluster, 'DestinationRule', subset.object, subset.path),
    })
  }
  const policy = policyOf(rules, target.subset, port)
  steps.push(...limits(world, hop, policy))
  const { transport, step } = transportOf(world, sender, policy, known)
  steps.push(step)
  return arrive(endpointsOf(world, known, subset?.labels ?? {}, port), transport)

  function arrive(endpoints: Endpoints, transport: Transport): Branch {
    const { groups, ready, unready, clusters, external } = endpoints
    const values = { ready: String(ready), unready: String(unready), clusters: clusters.join(', ') }
    if (external !== undefined) {
      if (external.length > 0)
        return end(
          { verdict: 'allowed' },
          { hop, outcome: 'ok', code: 'endpoints.external', values: { addresses: external.join(', ') } },
        )
      return end(unavailable, { hop, outcome: 'stop', code: 'endpoints.none', values })
    }
    if (!world.sees('Pod') && ready === 0)
      return end({ verdict: 'depends' }, { hop, outcome: 'open', code: 'endpoints.hidden', values })
    if (ready === 0)
      return end(unavailable, {
        hop,
        outcome: 'stop',
        code: unready > 0 ? 'endpoints.unready' : 'endpoints.none',
        values,
      })
    steps.push({ hop, outcome: 'ok', code: 'endpoints.ready', values })
    const answers = groups.map((group) => ({ group, answer: serve(world, group, { ...arrival, transport }) }))
    const [first] = answers
    const outcomes = together(answers.map(({ answer }) => answer))
    const isAlike = answers.every(({ answer }) => JSON.stringify(answer) === JSON.stringify(first?.answer))
    if (isAlike || first === undefined) return end(outcomes, ...(first?.answer.steps ?? []))
    return end(
      outcomes,
      ...answers.flatMap(({ group, answer }): Step[] => [
        {
          hop: 'server',
          outcome: 'note',
          code: 'endpoints.groups',
          values: { pods: group.pods.join(', '), verdict: answer.verdict },
        },
        ...answer.steps,
      ]),
    )
  }
}

const isTls = ({ request }: Pick<Arrival, 'request'>): boolean => request.protocol === 'tls'
const onlyPort = (known: readonly RegistryHost[]): number | undefined => {
  const ports = [...new Set(known.flatMap((each) => each.ports.map((one) => one.number)))]
  return ports.length === 1 ? ports[0] : undefined
}
export const portsOf = (known: readonly RegistryHost[]): string =>
  [...new Set(known.flatMap((each) => each.ports.map((one) => String(one.number ?? ''))))].join(', ')
const printLabels = (labels: Readonly<Record<string, string>>): string =>
  Object.entries(labels)
    .map((each) => each.join('='))
    .join(', ')

/** What may slow a request down or refuse it, though no rule is against it. */
function limits(world: World, hop: Hop, policy: Policy): Step[] {
  const say = (part: Policy['tls'], code: Step['code'], value: unknown): Step[] =>
    part === undefined || isEmpty(value)
      ? []
      : [
          {
            hop,
            outcome: 'note',
            code,
            values: { settings: print(value) },
            place: placeOf(world.cluster, 'DestinationRule', part.object, part.path),
          },
        ]
  const { localityLbSetting, ...balancer } = policy.loadBalancer?.value ?? {}
  return [
    ...say(policy.connectionPool, 'policy.pool', policy.connectionPool?.value),
    ...say(policy.outlierDetection, 'policy.outlier', policy.outlierDetection?.value),
    ...say(policy.loadBalancer, 'policy.balancer', balancer),
    ...say(policy.loadBalancer, 'policy.locality', localityLbSetting),
  ]
}

/** `http.maxRetries: 3`, in one line. */
function print(value: unknown, prefix = ''): string {
  return Object.entries(fields(value))
    .map(([key, each]) =>
      typeof each === 'object' && each !== null && !Array.isArray(each)
        ? print(each, `${prefix}${key}.`)
        : `${prefix}${key}: ${Array.isArray(each) ? JSON.stringify(each) : String(each)}`,
    )
    .join(', ')
}

/**
 * How the caller's proxy connects: as a destination rule says; else by mutual TLS where the other side can, unless the mesh
 * turns that off or the namespace refuses it. Source:
 * https://istio.io/latest/docs/ops/configuration/traffic-management/tls-configuration/#auto-mtls
 */
function transportOf(
  world: World,
  { hop, arrival }: Sender,
  policy: Policy,
  known: readonly RegistryHost[],
): { transport: Transport; step: Step } {
  const mode = text(policy.tls?.value['mode'])
  const place = policy.tls && placeOf(world.cluster, 'DestinationRule', policy.tls.object, `${policy.tls.path}.mode`)
  const say = (transport: Transport['mode'], code: Step['code']): { transport: Transport; step: Step } => ({
    transport: { mode: transport },
    step: { hop, outcome: 'ok', code, values: { mode }, ...(place && { place }) },
  })
  // What the application encrypts itself goes through as it is, in mutual TLS or without.
  const plain = isTls(arrival) ? 'own-tls' : 'plain'
  if (mode === 'ISTIO_MUTUAL') return say('mutual', 'tls.explicit')
  if (mode === 'DISABLE') return say(plain, 'tls.explicit')
  if (mode !== '') return say('own-tls', 'tls.explicit')
  const isExternal = known.every(
    ({ kind, object }) => kind === 'ServiceEntry' && text(fields(object.spec)['location']) !== 'MESH_INTERNAL',
  )
  if (isExternal) return say(plain, 'tls.external')
  if (!world.facts.autoMtls) return say(plain, 'tls.auto-off')
  const owner = known[0] === undefined ? '' : ownNamespace(known[0].object)
  if (namespaceMode(world, owner) === 'DISABLE') return say(plain, 'tls.plain')
  return say('auto', 'tls.auto')
}
