import { isRecord, type LocalitySetting } from '@meshdeck/kube'
import { entries, fields, texts, type Fields } from '../analysis/read.ts'
import { fault, when, type ObjectFault } from './fault.ts'

const WHOLE = 100
/** What `failover` says already when it stands in `failoverPriority`, too. */
const TOPOLOGY = ['topology.kubernetes.io/region', 'topology.kubernetes.io/zone', 'topology.istio.io/subzone']

/**
 * What Istio holds against a LocalityLoadBalancerSetting, of a DestinationRule or of a whole mesh. Fields begin with `place`.
 * Source: Istio, `ValidateLocalityLbSetting`.
 */
export function localityFaults(setting: unknown, place: string): ObjectFault[] {
  const { distribute, failover, failoverPriority } = fields(setting)
  const [shares, moves] = [entries(distribute), entries(failover)]
  if (shares.length > 0 && moves.length > 0) return [fault(`${place}.failover`, 'localityExclusive')]
  const named = texts(failoverPriority).some((label) => TOPOLOGY.includes(label))
  return [
    ...placeFaults(shares.map(({ at, value }) => [`${place}.distribute[${at}].from`, String(value['from'] ?? '')])),
    ...shares.flatMap(({ at, value }) => shareFaults(fields(value['to']), `${place}.distribute[${at}].to`)),
    ...moves.flatMap(({ at, value }) => moveFaults(value, `${place}.failover[${at}]`)),
    ...when(moves.length > 0 && named, `${place}.failoverPriority`, 'localityExclusive'),
  ]
}

/** Whether a value can stand in a mesh: of the right types, and with nothing that Istio would hold against it. */
export function isLocalitySetting(value: unknown): value is LocalitySetting {
  return (
    isRecord(value) &&
    (value['enabled'] === undefined || typeof value['enabled'] === 'boolean') &&
    ['distribute', 'failover', 'failoverPriority'].every(
      (name) => value[name] === undefined || Array.isArray(value[name]),
    ) &&
    localityFaults(value, '').length === 0
  )
}

function shareFaults(to: Fields, field: string): ObjectFault[] {
  const weights = Object.values(to).map((weight) => (typeof weight === 'number' ? weight : Number.NaN))
  const isInRange = weights.every((weight) => Number.isInteger(weight) && weight > 0 && weight <= WHOLE)
  const sum = weights.reduce((total, weight) => total + weight, 0)
  return [
    ...placeFaults(Object.keys(to).map((name) => [field, name])),
    ...when(!isInRange, field, 'localityShare'),
    ...when(isInRange && sum !== WHOLE, field, 'localityWeight'),
  ]
}

function moveFaults({ from, to }: Fields, field: string): ObjectFault[] {
  const isRegion = (value: unknown): boolean => typeof value === 'string' && /^[^/*]+$/.test(value)
  return [
    ...when(!isRegion(from), `${field}.from`, 'localityPlain'),
    ...when(!isRegion(to), `${field}.to`, 'localityPlain'),
    ...when(from === to, `${field}.to`, 'localityRegion'),
  ]
}

/** Places have no empty parts, a `*` only as their last one, and none lies in another. */
function placeFaults(places: readonly (readonly [field: string, name: string])[]): ObjectFault[] {
  const isPlace = (name: string): boolean => /^(\*|[^*/]+(\/[^*/]+){0,1}(\/\*)?|[^*/]+\/[^*/]+\/[^*]+)$/.test(name)
  return places.flatMap(([field, name], index) => {
    if (!isPlace(name)) return [fault(field, 'localityPlace')]
    const others = places.slice(0, index).map(([, other]) => other)
    return when(
      others.some((other) => covers(other, name) || covers(name, other)),
      field,
      'localityOverlap',
    )
  })
}

function covers(wide: string, narrow: string): boolean {
  const base = wide.replace(/\/?\*$/, '')
  return base === '' || narrow === base || narrow.startsWith(`${base}/`)
}
