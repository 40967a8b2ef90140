import { Type, type Static } from 'typebox'
import { FindingView } from './findings.ts'
import { ClusterFailure } from './problem.ts'
import { TopologyNode } from './topology.ts'

const { type, name, namespace, app, version, cluster } = TopologyNode.properties

export const NodeConfigurationQuery = Type.Object(
  {
    type,
    name,
    namespace,
    app,
    version,
    cluster,
    hosts: Type.Optional(
      Type.String({ maxLength: 4096, description: 'Hosts by which it is called, separated by commas.' }),
    ),
  },
  { additionalProperties: false },
)
export type NodeConfigurationQuery = Static<typeof NodeConfigurationQuery>

/** What is in force for a node of the graph at present, and what the analysis has to say of it. */
export const NodeConfiguration = Type.Object({
  rules: Type.Array(
    Type.Object({
      cluster: Type.String(),
      kind: Type.String({ description: 'KindId.' }),
      namespace: Type.String(),
      name: Type.String(),
    }),
  ),
  findings: Type.Array(FindingView),
  failures: Type.Array(ClusterFailure),
})
export type NodeConfiguration = Static<typeof NodeConfiguration>
