import { textAt, textsAt, type Message } from '../envoy-json.ts'
import type { ObjectOrigin } from '../object-origin.ts'
import { entriesAt, withoutNetwork } from './entries.ts'

/** Tells which waypoint a workload or a service has; undefined for none. */
export type FindWaypoint = (entry: Message) => { text: string; object?: ObjectOrigin } | undefined

/**
 * A waypoint is noted as `namespace/hostname` or as `network/address` of its Service, which has the name of its Gateway. One
 * whose Service is not known is told as it is noted.
 */
export function waypointsOf(dump: unknown): FindWaypoint {
  const byDestination = new Map(
    entriesAt(dump, 'services').flatMap((service): [string, ObjectOrigin][] => {
      const namespace = textAt(service, 'namespace') ?? ''
      const gateway: ObjectOrigin = { kind: 'K8sGateway', namespace, name: textAt(service, 'name') ?? '' }
      const names = [`${namespace}/${textAt(service, 'hostname') ?? ''}`, ...textsAt(service, 'vips')]
      return names.map((name) => [name, gateway])
    }),
  )
  return (entry) => {
    const destination = textAt(entry, 'waypoint', 'destination')
    if (destination === undefined) return undefined
    const object = byDestination.get(destination)
    return object === undefined ? { text: withoutNetwork(destination) } : { text: object.name, object }
  }
}
