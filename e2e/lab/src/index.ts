/**
 * The lab for programs: real Kubernetes and Istio control planes as plain processes, for vitest's
 * global set-up and for Playwright. The command line (`cli.ts`) is a thin layer over the same functions.
 */
export { graphObjects, playgroundObjects } from './graph-objects.ts'
export type { GraphEdge, ServiceGraph } from './graph.ts'
export { GRAPHS } from './graphs/index.ts'
export { labDown } from './down.ts'
export { LabOptionsError } from './options.ts'
export type { LabOptions } from './options.ts'
export type { PartName } from './parts.ts'
export { PEOPLE } from './people.ts'
export type { Person, PersonName } from './people.ts'
export type { ProcessRecord } from './processes.ts'
export { rbacObjects } from './rbac.ts'
export { labStartCluster, labStopCluster } from './start.ts'
export type { ClusterOptions } from './start.ts'
export { LabStateError } from './state.ts'
export type { BinState, ClusterPorts, ClusterState, LabState, UserState } from './state.ts'
export { labState, labTokens } from './inspect.ts'
export { labStatus } from './status.ts'
export type { PartStatus } from './status.ts'
export { labUp } from './up.ts'
