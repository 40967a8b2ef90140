import { DATAPLANE_MODE_LABEL } from '@meshdeck/kube'
import type { WizardNote, WizardService } from './wizard.ts'

const USE_WAYPOINT_LABEL = 'istio.io/use-waypoint'
const WAYPOINT_NAMESPACE_LABEL = 'istio.io/use-waypoint-namespace'

/** Whether ztunnel carries the traffic of a service's namespace. */
export const isAmbientService = ({ namespaceLabels = {} }: WizardService): boolean =>
  namespaceLabels[DATAPLANE_MODE_LABEL] === 'ambient'

/** The waypoint that handles what is sent to a service, as `namespace/name`. Source: https://istio.io/latest/docs/ambient/usage/waypoint/ */
export function waypointOf({ namespace, labels = {}, namespaceLabels = {} }: WizardService): string | undefined {
  const from = labels[USE_WAYPOINT_LABEL] === undefined ? namespaceLabels : labels
  const name = from[USE_WAYPOINT_LABEL]
  if (name === undefined || name === 'none') return undefined
  return `${from[WAYPOINT_NAMESPACE_LABEL] ?? namespace}/${name}`
}

/** Who obeys rules of HTTP for a service in ambient mode; nothing is said of others. */
export function ambientNotes(service: WizardService): WizardNote[] {
  if (!isAmbientService(service)) return []
  const waypoint = waypointOf(service)
  return waypoint === undefined
    ? [{ code: 'needsWaypoint', values: { namespace: service.namespace } }]
    : [{ code: 'waypoint', values: { waypoint } }]
}
