import type { Topology } from '@meshdeck/contract'
import { principalOf, type PresentCaller } from '@meshdeck/mesh'
import type { Accounts } from './queries.ts'

/** Somebody who calls what a change is about, and whether it does so under mutual TLS. */
export interface Caller extends PresentCaller {
  /** Who is called, as `namespace/name`. */
  target: string
  isPlain: boolean
}

/** Who called workloads in the last hour that `isMeant` means. */
export function presentCallers(
  { nodes, edges }: Pick<Topology, 'nodes' | 'edges'>,
  accounts: Accounts,
  /** The trust domain of a cluster. */
  domainOf: (cluster: string) => string,
  isMeant: (node: Topology['nodes'][number]) => boolean,
): Caller[] {
  const byId = new Map(nodes.map((node) => [node.id, node]))
  const found = edges.flatMap((edge): Caller[] => {
    const [source, target] = [byId.get(edge.source), byId.get(edge.target)]
    if (source === undefined || target === undefined || !isMeant(target)) return []
    // Without a report of the server, a caller that has no sidecar cannot but speak plain text.
    const isPlain =
      edge.mtlsShare === undefined ? source.injected === false || source.type === 'unknown' : edge.mtlsShare < 1
    const { namespace = '', name, cluster = '' } = source
    const account = accounts.get(`${cluster} ${namespace}/${name}`)
    return [
      {
        namespace,
        name,
        target: `${target.namespace ?? ''}/${target.name}`,
        isPlain,
        principal:
          account === undefined || isPlain ? undefined : principalOf({ domain: domainOf(cluster), namespace, account }),
      },
    ]
  })
  return [...new Map(found.map((caller) => [`${caller.namespace}/${caller.name} ${caller.target}`, caller])).values()]
}
