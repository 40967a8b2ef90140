import type { KubeResource } from '@meshdeck/kube'
import { fields, isEmpty, labelsIn, text } from '../analysis/read.ts'
import { createWorld, type AnalysisInput, type World } from '../analysis/world.ts'
import { ownNamespace, selects, type Party } from './caller.ts'
import { byAge, nameOf, placeOf, type Step } from './explanation.ts'

export type PeerMode = 'STRICT' | 'PERMISSIVE' | 'DISABLE'

const modeIn = (mtls: unknown): PeerMode | undefined => {
  const mode = text(fields(mtls)['mode'])
  return mode === 'STRICT' || mode === 'PERMISSIVE' || mode === 'DISABLE' ? mode : undefined
}
const selectorOf = (object: KubeResource): Record<string, string> =>
  labelsIn(fields(fields(object.spec)['selector'])['matchLabels'])

/**
 * What servers ask of callers: the workload's own policy (its port first), else the namespace's, else the mesh's; the oldest
 * of several; PERMISSIVE when nobody says. Source:
 * https://istio.io/latest/docs/concepts/security/#peer-authentication
 */
export function peerMode(world: World, server: Party, port: number): { mode: PeerMode; step: Step } {
  const all = world.all('PeerAuthentication').toSorted(byAge)
  const own = all.filter((object) => ownNamespace(object) === server.namespace)
  const isRoot = server.namespace === world.facts.rootNamespace
  const levels = [
    own.filter((object) => !isEmpty(selectorOf(object)) && selects(selectorOf(object), server.labels)),
    isRoot ? [] : own.filter((object) => isEmpty(selectorOf(object))),
    all.filter((object) => ownNamespace(object) === world.facts.rootNamespace && isEmpty(selectorOf(object))),
  ]
  let found: { mode: PeerMode; object: KubeResource; path: string } | undefined
  const others: Step[] = []
  for (const [level, objects] of levels.entries()) {
    for (const [at, object] of objects.entries()) {
      const spec = fields(object.spec)
      const skip = (code: 'peer.narrower' | 'peer.younger'): void => {
        others.push({
          hop: 'server',
          outcome: 'skip',
          code,
          values: { name: nameOf(object), mode: modeIn(spec['mtls']) ?? 'UNSET' },
          place: placeOf(world.cluster, 'PeerAuthentication', object),
        })
      }
      if (at > 0) skip('peer.younger')
      else if (found !== undefined) skip('peer.narrower')
      else {
        // Ports are only looked at in policies that select workloads.
        const forPort = level === 0 ? modeIn(fields(spec['portLevelMtls'])[String(port)]) : undefined
        const mode = forPort ?? modeIn(spec['mtls'])
        if (mode !== undefined)
          found = { mode, object, path: forPort ? `spec.portLevelMtls.${port}.mode` : 'spec.mtls.mode' }
      }
    }
  }
  const mode = found?.mode ?? 'PERMISSIVE'
  return {
    mode,
    step: {
      hop: 'server',
      outcome: 'ok',
      code: 'peer.mode',
      values: { mode, port: String(port), by: found === undefined ? '' : nameOf(found.object) },
      ...(found && { place: placeOf(world.cluster, 'PeerAuthentication', found.object, found.path) }),
      ...(others.length > 0 && { others }),
    },
  }
}

/** What callers may take for a whole service: istiod only looks at the namespace and the mesh for that. */
export function namespaceMode(world: World, namespace: string): PeerMode {
  const nobody = { cluster: '', namespace, labels: {}, account: '', proxy: true, ambient: false, ip: undefined }
  return peerMode(world, nobody, 0).mode
}

/** Tells what the proxy of a workload asks of its callers, on ports that have no mode of their own. */
export function peerModes(
  input: AnalysisInput,
): (namespace: string, labels: Readonly<Record<string, string>>) => PeerMode {
  const world = createWorld(input)
  return (namespace, labels) =>
    peerMode(world, { cluster: '', namespace, labels, account: '', proxy: true, ambient: false, ip: undefined }, 0).mode
}
