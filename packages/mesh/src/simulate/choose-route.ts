import { entries, fields, isEmpty, number, text } from '../analysis/read.ts'
import { fullHost } from '../analysis/hosts.ts'
import type { Target } from './branch.ts'
import { ownNamespace } from './caller.ts'
import { nameOf, placeOf, type Hop, type Step } from './explanation.ts'
import type { RouteEntry } from './route-list.ts'
import { httpMiss, streamMiss, type Asked } from './route-match.ts'

export interface ChosenRoute {
  entry: RouteEntry | undefined
  steps: readonly Step[]
}

/** The first route that fits, with why those before it do not. */
export function chooseRoute(
  cluster: string,
  hop: Hop,
  list: readonly RouteEntry[],
  asked: Asked,
  stream: 'http' | 'tls' | 'tcp',
): ChosenRoute {
  const others: Step[] = []
  for (const entry of list) {
    const misses = entry.matches.map((match) =>
      stream === 'http' ? httpMiss(match, asked, entry.key) : streamMiss(match, asked, entry.key),
    )
    const miss = misses.find((each) => each !== undefined)
    const place = placeOf(cluster, entry.kind, entry.object, entry.matchPath)
    const route = entry.name || entry.path
    if (miss !== undefined) {
      others.push({ hop, outcome: 'skip', code: miss.code, values: { ...miss.values, route }, place })
      continue
    }
    const by = entry.delegatedBy
    const handed: Step[] =
      by === undefined
        ? []
        : [
            {
              hop,
              outcome: 'note',
              code: 'action.delegate',
              values: { name: nameOf(entry.object) },
              place: placeOf(cluster, 'VirtualService', by.object, by.path),
            },
          ]
    const code = entry.matches.every(isEmpty) ? 'route.catch-all' : 'route.match'
    return { entry, steps: [...handed, { hop, outcome: 'ok', code, values: { route }, place, others }] }
  }
  return { entry: undefined, steps: others }
}

/** Where a route sends what it takes. Destinations without a share get nothing. */
export function targetsOfRoute(entry: RouteEntry): Target[] {
  const list = entries(entry.route['route']).map(({ at, value }) => ({
    at,
    destination: fields(value['destination']),
    weight: number(value['weight']) ?? 0,
  }))
  const total = list.reduce((sum, { weight }) => sum + weight, 0)
  const share = (weight: number): number => (list.length === 1 ? 100 : total === 0 ? 0 : (weight / total) * 100)
  return list
    .filter(({ weight }) => share(weight) > 0)
    .map(({ at, destination, weight }) => ({
      host: fullHost(text(destination['host']), ownNamespace(entry.object)),
      port: number(fields(destination['port'])['number']),
      subset: text(destination['subset']),
      weight: Math.round(share(weight) * 10) / 10,
      by: {
        object: entry.object,
        kind: entry.kind,
        path: `${entry.path}.${entry.kind === 'VirtualService' ? 'route' : 'backendRefs'}[${at}]`,
      },
    }))
}
