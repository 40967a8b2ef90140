import { apiVersionOf, kindOf, type KindId, type KubeResource } from '@meshdeck/kube'
import { sameValue } from '../history/field-diff.ts'

/** What was filled into a wizard's form, by field; lists are separated by commas. */
export type Answers = Readonly<Record<string, string>>

/** A port of a service. */
export interface WizardPort {
  port: number
  name?: string
  targetPort?: string
  /** As its name or appProtocol says; absent when the proxy has to find out. */
  protocol?: string
}

/** The service that a wizard is about. */
export interface WizardService {
  namespace: string
  name: string
  ports: readonly WizardPort[]
  /** Values of the label `version` of its pods. */
  versions: readonly string[]
  selector: Readonly<Record<string, string>>
  /** Its own, and those of its namespace: they say whether ztunnel carries its traffic, and which waypoint handles it. */
  labels?: Readonly<Record<string, string>>
  namespaceLabels?: Readonly<Record<string, string>>
}

/** What exists where the mesh reads its configuration. */
export interface WizardWorld {
  all(kind: KindId): readonly KubeResource[]
  service: WizardService | undefined
  /** Where objects for the whole mesh lie. */
  rootNamespace: string
  /** What the mesh calls its callers: its own trust domain first, then those that it also takes. */
  trustDomains: readonly string[]
  /** Whether the cluster's definition of a kind has a field, as `spec.rules.retry`. */
  knows(kind: KindId, field: string): boolean
}

/** An object before and after; without `before` it is new. */
export interface WizardChange {
  kind: KindId
  before: KubeResource | undefined
  after: KubeResource
}

export const WIZARD_PROBLEMS = [
  'required',
  'range',
  'duration',
  'sum',
  'few',
  'same',
  'host',
  'name',
  'path',
  'notHttp',
  'noTlsRoute',
  'noDelegate',
  'notInGatewayApi',
] as const
/** What is wrong with an answer; words stand in the console. */
export interface WizardProblem {
  field: string
  code: (typeof WIZARD_PROBLEMS)[number]
}

export const WIZARD_NOTES = {
  /** An object that is there already governs the host. */
  governs: 'info',
  /** A VirtualService and a route of the Gateway API both do. */
  bothGovern: 'warning',
  /** The governing one hands its routes on to another, which is changed instead. */
  delegate: 'info',
  /** Others hand their routes on to the same one. */
  sharedDelegate: 'warning',
  /** There are routes of several protocols, of which some are changed. */
  severalStreams: 'info',
  /** The route is attached to a gateway as well. */
  alsoAtEdge: 'warning',
  /** Routes of the Gateway API send to Services, so each version needs one. */
  versionServices: 'info',
  /** Requests are sent to other Services, and rules are about these. */
  backends: 'info',
  /** The cluster's Gateway API has no retries. */
  noRetries: 'warning',
  /** ztunnel reads no HTTP, and there is no waypoint that would. */
  needsWaypoint: 'warning',
  /** A waypoint obeys what is made. */
  waypoint: 'info',
  /** A caller of a trust domain that the mesh does not take. */
  foreignDomain: 'warning',
} as const satisfies Record<string, 'info' | 'warning'>

/** What is to be known of a plan; words stand in the console. */
export interface WizardNote {
  code: keyof typeof WIZARD_NOTES
  /** An object that it is about. */
  about?: { kind: KindId; namespace: string; name: string }
  values?: Readonly<Record<string, string>>
}

/** What a wizard would do: nothing while there are problems. In the order in which it is applied. */
export interface WizardPlan {
  changes: readonly WizardChange[]
  problems: readonly WizardProblem[]
  /** None when absent. */
  notes?: readonly WizardNote[]
}

/** From what was answered and what exists to ordinary objects. */
export type Wizard = (answers: Answers, world: WizardWorld) => WizardPlan

/** A new object. */
export function made(kind: KindId, namespace: string, name: string, spec: object): KubeResource {
  const definition = kindOf(kind)
  return { apiVersion: apiVersionOf(definition), kind: definition.kind, metadata: { name, namespace }, spec }
}

/** The name, or one with a number when an object that is about something else has it. */
export function freeName(world: WizardWorld, kind: KindId, namespace: string, wanted: string): string {
  const taken = new Set(
    world
      .all(kind)
      .filter(({ metadata }) => metadata.namespace === namespace)
      .map(({ metadata }) => metadata.name),
  )
  for (let number = 1; ; number += 1) {
    const name = number === 1 ? wanted : `${wanted}-${number}`
    if (!taken.has(name)) return name
  }
}

/** The one that was made first, which is the one that istiod goes by. */
export function oldest(objects: readonly KubeResource[]): KubeResource | undefined {
  const age = ({ metadata }: KubeResource): string =>
    `${metadata.creationTimestamp ?? ''} ${metadata.namespace ?? ''}/${metadata.name}`
  return objects.toSorted((a, b) => age(a).localeCompare(age(b)))[0]
}

/** Changes that change something. */
export const realChanges = (changes: readonly WizardChange[]): WizardChange[] =>
  changes.filter(({ before, after }) => !sameValue(before, after))
