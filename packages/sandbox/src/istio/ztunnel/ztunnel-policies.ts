import { listAt, recordAt, textAt } from '../../json.ts'
import type { KubeObject } from '../../kube-object.ts'
import type { ClusterApi } from '../../store/cluster-api.ts'

const ROOT_NAMESPACE = 'istio-system'
const SOURCES = ['principals', 'namespaces', 'ipBlocks'] as const
const FIELDS: Readonly<Record<(typeof SOURCES)[number], string>> = {
  principals: 'principals',
  namespaces: 'namespaces',
  ipBlocks: 'sourceIps',
}

export interface ZtunnelPolicy {
  /** `namespace/name` */
  readonly key: string
  /** As ztunnel shows it. */
  readonly config: unknown
  /** Whether a pod's workload is told of it by name; it is not of what concerns all of a namespace. */
  readonly selects: (pod: KubeObject) => boolean
}

/** AuthorizationPolicies as istiod sends them to ztunnels, which know sources and ports alone. */
export function ztunnelPolicies(api: Pick<ClusterApi, 'list'>): readonly ZtunnelPolicy[] {
  return api
    .list('security.istio.io/authorizationpolicies')
    .filter((policy) => listAt(policy, 'spec', 'targetRefs').length === 0)
    .map((policy): ZtunnelPolicy => {
      const { name, namespace = '' } = policy.metadata
      const selector = Object.entries(recordAt(policy, 'spec', 'selector', 'matchLabels'))
      const everywhere = namespace === ROOT_NAMESPACE ? 'Global' : 'Namespace'
      return {
        key: `${namespace}/${name}`,
        config: {
          name,
          namespace,
          scope: selector.length > 0 ? 'WorkloadSelector' : everywhere,
          action: textAt(policy, 'spec', 'action') === 'DENY' ? 'Deny' : 'Allow',
          rules: listAt(policy, 'spec', 'rules').map(clauses),
        },
        selects: ({ metadata }) =>
          selector.length > 0 &&
          metadata.namespace === namespace &&
          selector.every(([key, value]) => metadata.labels?.[key] === value),
      }
    })
}

function clauses(rule: unknown): unknown {
  const from = listAt(rule, 'from').map((each) =>
    Object.fromEntries(
      SOURCES.flatMap((source) => {
        const values = listAt(each, 'source', source).map(String)
        const matches = source === 'ipBlocks' ? values : values.map(stringMatch)
        return values.length === 0 ? [] : [[FIELDS[source], matches]]
      }),
    ),
  )
  const to = listAt(rule, 'to').map((each) => ({
    destinationPorts: listAt(each, 'operation', 'ports').map(Number),
  }))
  return [from, to].filter((each) => each.length > 0)
}

function stringMatch(value: string): unknown {
  if (value === '*') return { Presence: {} }
  if (value.startsWith('*')) return { Suffix: value.slice(1) }
  return value.endsWith('*') ? { Prefix: value.slice(0, -1) } : { Exact: value }
}
